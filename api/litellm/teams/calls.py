"""/team/*: each function is one request, one call, one answer."""

from collections.abc import Callable
from typing import Any

from api.litellm import lists
from api.litellm.scopes import all_named, is_named
from api.litellm.teams import asks, compound
from api.litellm.teams.rows import TEAMS, full_rows, one_row
from api.litellm.users.rows import PEOPLE
from api.memberships import teams_of
from keys.permissions import MEMBER_PERMISSIONS, to_actions, to_routes
from orgs.closing import delete_scopes
from orgs.models import Organization
from rbacadmin import blocking, policy
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor, grants
from teams import services
from teams.models import Team, User

PAGED = "/v2/team/list"
NO_ORGANIZATION = "default_organization"  # LiteLLM's word for "teams without an organization"


def new(actor: Actor, body: asks.TeamNew) -> dict[str, Any]:
    return one_row(actor, compound.create_team(actor, body))


def update(actor: Actor, body: asks.TeamUpdate) -> dict[str, Any]:
    team = policy.find(actor, Action.CHANGE_TEAMS, TEAMS, body.team_id)
    team = compound.update_team(actor, team, body=body, **new_place(actor, team, body))
    return {"team_id": team.public_id, "data": one_row(actor, team)}


def patch(actor: Actor, body: asks.TeamPatch) -> dict[str, Any]:
    team = policy.find(actor, Action.CHANGE_TEAMS, TEAMS, body.team_id)
    return one_row(actor, compound.patch_team(actor, team, body=body, **new_place(actor, team, body)))


def new_place(actor: Actor, team: Team, body: asks.TeamFields) -> dict[str, Organization | None]:
    """The organization to which a request moves the team. Clients that send whole rows back name that of now.

    It is found before the transaction begins, so that this locks old and new organizations in one order.
    """
    if "organization_id" not in body.model_fields_set or is_named(team.organization, body.organization_id):
        return {}
    policy.find(actor, Action.MOVE_TEAMS, TEAMS, team.pk)  # before anything is said about where it would go
    there = body.organization_id
    return {"organization": policy.find(actor, Action.CREATE_TEAMS, Organization, there) if there else None}


def info(actor: Actor, body: asks.TeamNamed) -> dict[str, Any]:
    team = policy.find(actor, Action.SEE_TEAMS, TEAMS, body.team_id)
    row = full_rows(actor, [team])[0]
    keys, memberships = row.pop("keys"), row.pop("team_memberships")
    return {"team_id": team.public_id, "team_info": row, "keys": keys, "team_memberships": memberships}


def list_all(actor: Actor, body: asks.TeamFilter) -> list[dict[str, Any]]:
    return full_rows(actor, lists.everything(actor, Action.SEE_TEAMS, filtered(actor, body), paged=PAGED))


def list_page(actor: Actor, body: asks.TeamPage) -> dict[str, Any]:
    order = lists.order_of(body.sort_by, body.sort_order, {"team_alias": "alias_key", "team_id": "public_id"})
    found = policy.numbered(
        actor, Action.SEE_TEAMS, filtered(actor, body), page=body.page, size=body.page_size, order=order
    )
    return lists.numbered(found, "teams", full_rows(actor, found.items))


def filtered(actor: Actor, body: asks.TeamFilter) -> Any:
    """The filters of the team lists; filtering by a person sees only memberships that the caller sees."""
    found = TEAMS
    if body.organization_id == NO_ORGANIZATION:
        found = found.filter(organization=None)
    elif body.organization_id:
        found = found.filter(organization__in=Organization.rows_named(body.organization_id))
    if body.user_id:
        found = found.filter(pk__in=teams_of(actor, PEOPLE.filter(User.named(body.user_id))))
    if body.team_alias:
        found = found.filter(alias_key__contains=fold(body.team_alias))
    return found


def delete(actor: Actor, body: asks.TeamsNamed) -> dict[str, Any]:
    delete_scopes(actor, *all_named(actor, Action.DELETE_TEAMS, Team, "team_ids", body.team_ids))
    return {"deleted_teams": body.team_ids}


def with_team(verb: Callable[[Actor, Any], Any]) -> Callable[[Actor, asks.TeamNamed], dict[str, Any]]:
    """A route that does the verb to one team and shows it."""

    def run(actor: Actor, body: asks.TeamNamed) -> dict[str, Any]:
        found = policy.find(actor, Action.BLOCK_TEAMS, TEAMS, body.team_id)
        return one_row(actor, verb(actor, found))

    return run


block = with_team(blocking.block_scope)


unblock = with_team(blocking.unblock_scope)


def permissions_list(actor: Actor, body: asks.TeamNamed) -> dict[str, Any]:
    team = policy.find(actor, Action.VIEW_TEAM_PERMISSIONS, Team, body.team_id)
    held = to_routes(grants.on(team, team.group))
    return {
        "team_id": team.public_id,
        "team_member_permissions": held,
        "all_available_permissions": list(MEMBER_PERMISSIONS),
    }


def permissions_update(actor: Actor, body: asks.TeamPermissions) -> dict[str, Any]:
    team = policy.find(actor, Action.CHANGE_TEAM_PERMISSIONS, TEAMS, body.team_id)
    return one_row(
        actor, services.set_member_permissions(actor, team, permissions=to_actions(body.team_member_permissions))
    )
