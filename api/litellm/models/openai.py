"""/models: the names that a caller may use, in OpenAI's list."""

from typing import Any

from django.db.models import QuerySet

from api.context import scope_named
from api.litellm import lists
from api.litellm.models import asks
from gateway.levels import Level, bound
from gateway.models import CatalogModel, ModelAccessGroup
from gateway.ownerships import groups_for
from gateway.trying import open_to_key
from gateway.within import open_within
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from teams.models import Team


def names(actor: Actor, body: asks.ModelNames) -> dict[str, Any]:
    """Each name once. Wildcards are routes, not models; who wants them says so."""
    levels = levels_asked(actor, body)
    if body.team_id:
        team = policy.find(actor, Action.SEE_TEAMS, Team, body.team_id)
        levels += bound(("team", team), ("organization", team.organization))
    rows: dict[str, CatalogModel | ModelAccessGroup] = {}
    if not body.only_model_access_groups:
        seen = served(CatalogModel.objects.all())
        everything = lists.everything(actor, Action.VIEW_MODELS, seen, paged="/v2/model/info")
        for model in narrowed(actor, open_to_key(actor, everything), levels):
            if body.return_wildcard_routes or not model.name.endswith("*"):
                rows.setdefault(model.name, model)
    if body.include_model_access_groups or body.only_model_access_groups:
        groups = ModelAccessGroup.objects.all()
        named = {name for level in levels for name in level.models or ()}
        for group in lists.everything(actor, Action.VIEW_ACCESS_GROUPS, groups, paged="/access_group/list"):
            if not levels or group.name in named:
                rows[group.name] = group
    return {"data": [name_row(name, row) for name, row in sorted(rows.items())], "object": "list"}


def served(models: QuerySet[CatalogModel]) -> QuerySet[CatalogModel]:
    return models.filter(blocked=False)


def levels_asked(actor: Actor, body: asks.InContext) -> tuple[Level, ...]:
    """What binds calls in the project or organization that the headers name; nothing when they name none."""
    scope = scope_named(actor, body)
    if scope is None:
        return ()
    if isinstance(scope, Organization):
        return bound(("organization", scope), ("user", actor.user))
    return bound(("project", scope), ("organization", scope.organization), ("user", actor.user))


def narrowed(actor: Actor, models: list[CatalogModel], levels: tuple[Level, ...]) -> list[CatalogModel]:
    return open_within(models, levels, groups_for(actor)) if levels else models


def name(actor: Actor, body: asks.ModelName) -> dict[str, Any]:
    """One name. What is not there and what the caller may not use answer alike."""
    levels = levels_asked(actor, body)
    named = served(CatalogModel.objects.filter(name=body.model_id))
    seen = policy.visible(actor, Action.VIEW_MODELS, named).order_by("created_at", "pk")
    row = next(iter(narrowed(actor, open_to_key(actor, seen), levels)), None)
    if row is None:
        raise NotFound("model", body.model_id)
    return name_row(row.name, row)


def name_row(name: str, row: CatalogModel | ModelAccessGroup) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": int(row.created_at.timestamp()), "owned_by": "rbacadmin"}
