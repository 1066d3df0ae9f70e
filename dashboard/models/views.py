"""The screens of models: the catalog, one model, and its history; and the models that a team brought."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dashboard.history import history_of
from dashboard.models.listing import LISTING, MODELS, catalog_tabs, owner_of, with_uses
from dashboard.models.uses import uses_of
from dashboard.tabs import row_tabs
from dashboard.teams.listing import TEAMS
from dashboard.teams.screens import head_of
from gateway.catalog import managing
from gateway.models import CatalogModel, ModelAccessGroup
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor, fields


@require_GET
def model_list(request: Request) -> HttpResponseBase:
    """The models that this person may use or look after."""

    def more(models: Sequence[CatalogModel]) -> dict[str, Any]:
        may_create = policy.can_somewhere(request.actor, Action.ADD_TEAM_MODELS)
        return {"models": with_uses(request.actor, models), "tabs": catalog_tabs(request), "may_create": may_create}

    return LISTING.page_or_file(request, MODELS, "models/model_list.html", more)


@require_GET
def model_detail(request: Request, pk: UUID) -> HttpResponse:
    """One model: whose it is, what it costs, how it is called, and who names it."""
    model = policy.find(request.actor, Action.VIEW_MODELS, MODELS, pk)
    context = {
        **head(request, model),
        "readable": fields.readable(request.actor, model),
        "groups": groups_of(request.actor, model),
        "uses": uses_of(request.actor, model.name, model),
    }
    return render(request, "models/model_detail.html", context)


@require_GET
def model_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to one model, as far as this person may see it."""
    model = policy.find(request.actor, Action.VIEW_MODELS, MODELS, pk)
    events = history_of(request.actor, model, request.GET.get("after"))
    return render(request, "models/model_detail.html", {**head(request, model), "events": events})


@require_GET
def team_models(request: Request, pk: UUID) -> HttpResponse:
    """The models that a team brought."""
    team = policy.find(request.actor, Action.SEE_TEAMS, TEAMS, pk)
    page = policy.page(request.actor, Action.VIEW_MODELS, MODELS.filter(team=team), "name", request.GET.get("after"))
    return render(request, "models/team_models.html", {**head_of(request, team), "page": page, "models": page.items})


def head(request: Request, model: CatalogModel) -> dict[str, Any]:
    """What stands above every section of a model's page."""
    sections = [(_("Overview"), "model-detail"), (_("History"), "model-history")]
    return {
        "row": model,
        "model": model,
        "owner": owner_of(model),
        "may_change": policy.can(request.actor, managing(model.team), model),
        "tabs": row_tabs(request, model, sections),
    }


def groups_of(actor: Actor, model: CatalogModel) -> list[ModelAccessGroup]:
    """The access groups that stand for the model, of those that the actor sees. Only the platform's are in groups."""
    if owner_of(model) is not None:
        return []
    seen = policy.visible(actor, Action.VIEW_ACCESS_GROUPS, ModelAccessGroup.objects.order_by("name"))
    return [group for group in seen if model.name in group.models]
