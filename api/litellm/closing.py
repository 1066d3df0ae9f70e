"""Changing organizations, deleting scopes, and blocking teams."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from api.litellm import changing, requests, rows, teams, translate
from api.litellm.translate import columns
from orgs import services
from orgs.closing import delete_scopes
from orgs.models import Organization
from rbacadmin import blocking, policy
from rbacadmin.models import Scope
from rbacadmin.policy import Action, Actor
from teams.models import Team

S = TypeVar("S", bound=Scope)


def all_named(actor: Actor, action: Action, model: type[S], field: str, idents: Iterable[str]) -> list[S]:
    """The scopes that a request names, each once. Raises ValidationError when it names none."""
    found = {scope.pk: scope for scope in (policy.find(actor, action, model, ident) for ident in idents)}
    if not found:
        raise ValidationError({field: "Name at least one."})
    return list(found.values())


def update_organization(actor: Actor, body: changing.OrganizationUpdate) -> dict[str, Any]:
    organization = policy.find(actor, Action.CHANGE_ORGANIZATIONS, Organization, body.organization_id)
    changes = columns(body, translate.ORGANIZATION, leave=("organization_id",))
    changed = services.update_organization(actor, organization, **changes)
    return rows.organization_rows(actor, [changed])[0]


def delete_organizations(actor: Actor, body: changing.OrganizationsNamed) -> list[dict[str, Any]]:
    """The organizations as they were."""
    found = all_named(actor, Action.DELETE_ORGANIZATIONS, Organization, "organization_ids", body.organization_ids)
    shown = rows.organization_rows(actor, found)
    delete_scopes(actor, *found)
    return shown


def delete_teams(actor: Actor, body: changing.TeamsNamed) -> dict[str, Any]:
    delete_scopes(actor, *all_named(actor, Action.DELETE_TEAMS, Team, "team_ids", body.team_ids))
    return {"deleted_teams": body.team_ids}


def with_team(verb: Callable[[Actor, Any], Any]) -> Callable[[Actor, requests.TeamNamed], dict[str, Any]]:
    """A route that does the verb to one team and shows it."""

    def run(actor: Actor, body: requests.TeamNamed) -> dict[str, Any]:
        found = policy.find(actor, Action.BLOCK_TEAMS, Team.objects.select_related("organization"), body.team_id)
        return teams.one(actor, verb(actor, found))

    return run


block_team = with_team(blocking.block_scope)
unblock_team = with_team(blocking.unblock_scope)
