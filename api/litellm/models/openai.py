"""/models: the names that a caller may use, in OpenAI's list."""

from typing import Any

from django.db.models import Q, QuerySet

from api.litellm import lists
from api.litellm.models import asks
from gateway.levels import bound
from gateway.models import CatalogModel, ModelAccessGroup
from gateway.ownerships import groups_now
from gateway.trying import open_to_key
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.model_names import common
from rbacadmin.policy import Action, Actor
from teams.models import Team


def names(actor: Actor, body: asks.ModelNames) -> dict[str, Any]:
    """Each name once. Wildcards are routes, not models; who wants them says so."""
    rows: dict[str, CatalogModel | ModelAccessGroup] = {}
    if not body.only_model_access_groups:
        seen = served(CatalogModel.objects.all())
        everything = lists.everything(actor, Action.VIEW_MODELS, seen, paged="/v2/model/info")
        for model in open_to_key(actor, everything):
            if body.return_wildcard_routes or not model.name.endswith("*"):
                rows.setdefault(model.name, model)
    if body.include_model_access_groups or body.only_model_access_groups:
        groups = ModelAccessGroup.objects.all()
        for group in lists.everything(actor, Action.VIEW_ACCESS_GROUPS, groups, paged="/access_group/list"):
            rows[group.name] = group
    if body.team_id:
        rows = of_team(policy.find(actor, Action.SEE_TEAMS, Team, body.team_id), rows)
    return {"data": [name_row(name, row) for name, row in sorted(rows.items())], "object": "list"}


def served(models: QuerySet[CatalogModel]) -> QuerySet[CatalogModel]:
    return models.filter(blocked=False)


def of_team(team: Team, rows: dict[str, Any]) -> dict[str, Any]:
    """What of it the team may use: its own models, and what its list and its organization's cover."""
    levels = bound(("team", team), ("organization", team.organization))
    covered = common([level.models for level in levels], groups_now())
    named = {name for level in levels for name in level.models or ()}
    return {
        name: row
        for name, row in rows.items()
        if (name in named if isinstance(row, ModelAccessGroup) else row.team_id == team.pk or fits(team, row, covered))
    }


def fits(team: Team, model: CatalogModel, covered: Any) -> bool:
    """Whether a model that is not the team's own may be used in it."""
    elsewhere = model.team_id or model.project_id or model.organization_id not in (None, team.organization_id)
    return not elsewhere and bool(covered.meets(model.name))


def name(actor: Actor, body: asks.ModelName) -> dict[str, Any]:
    """One name. What is not there and what the caller may not use answer alike."""
    named = served(CatalogModel.objects.filter(Q(name=body.model_id)))
    seen = policy.visible(actor, Action.VIEW_MODELS, named).order_by("created_at", "pk")
    row = next(iter(open_to_key(actor, seen)), None)
    if row is None:
        raise NotFound("model", body.model_id)
    return name_row(row.name, row)


def name_row(name: str, row: CatalogModel | ModelAccessGroup) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": int(row.created_at.timestamp()), "owned_by": "rbacadmin"}
