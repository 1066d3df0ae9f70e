"""How models are listed."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dashboard.listing import Column, Filter, Listing
from dashboard.tabs import tabs
from gateway.models import PLATFORMS, CatalogModel
from gateway.uses import seen_uses
from rbacadmin import money
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor

MODELS = CatalogModel.objects.select_related("team", "project", "organization")


def in_state(rows: Any, state: str) -> Any:
    return rows.filter(blocked=state == "blocked")


def of_owner(rows: Any, kind: str) -> Any:
    owners = {
        "platform": PLATFORMS,
        "organization": Q(organization__isnull=False, team=None, project=None),
        "team": Q(team__isnull=False),
        "project": Q(project__isnull=False),
    }
    return rows.filter(owners[kind])


def owner_of(model: CatalogModel) -> Any:
    """The scope that brought a model, or None for the platform's."""
    return model.team or model.project or model.organization


def with_uses(actor: Actor, models: Sequence[CatalogModel]) -> Sequence[CatalogModel]:
    """The models, those of the platform each with how many lists name it. A scope's own are in nobody else's list."""
    shared = [model for model in models if owner_of(model) is None]
    found = seen_uses(actor, {model.name for model in shared})
    for model in shared:
        model.uses = found[model.name]  # type: ignore[attr-defined]
    return models


def catalog_tabs(request: Request) -> list[dict[str, Any]]:
    """The two sections of the catalog."""
    return tabs(request, [(_now("Models"), reverse("model-list")), (_now("Access groups"), reverse("group-list"))])


OWNERS = (
    ("platform", _("the platform")),
    ("organization", _("an organization")),
    ("team", _("a team")),
    ("project", _("a project")),
)
LISTING: Listing[CatalogModel] = Listing(
    name="models",
    title=_("Models"),
    action=Action.VIEW_MODELS,
    orders={"name": _("By name"), "-created_at": _("Newest first"), "-input_price": _("Dearest input first"),
            "-output_price": _("Dearest output first")},
    filters=(
        Filter("owner", _("Owner"), OWNERS, of_owner),
        Filter("state", _("State"), (("active", _("active")), ("blocked", _("blocked"))), in_state),
    ),
    columns=(
        Column("id", "public_id", lambda model: model.public_id),
        Column("name", "name", lambda model: model.name),
        Column("team", "team_id", lambda model: model.team.alias if model.team else ""),
        Column("project", "project_id", lambda model: model.project.alias if model.project else ""),
        Column("organization", "organization_id",
               lambda model: model.organization.alias if model.organization else ""),
        Column("upstream", "params", lambda model: model.params.get("model", "")),
        Column("input_usd_per_million", "input_price", lambda model: money.to_number(model.input_price)),
        Column("output_usd_per_million", "output_price", lambda model: money.to_number(model.output_price)),
        Column("requests_a_minute", "rpm_limit", lambda model: model.rpm_limit),
        Column("tokens_a_minute", "tpm_limit", lambda model: model.tpm_limit),
        Column("blocked", "blocked", lambda model: model.blocked),
        Column("created", "created_at", lambda model: model.created_at),
    ),
    searched=("name",),
)  # fmt: skip
