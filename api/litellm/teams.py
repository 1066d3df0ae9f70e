"""/team/*: each function is one request, one call, one answer."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from api.litellm import compound, lists, people_rows, requests, rows, translate
from api.litellm.organizations import as_list, echoed
from api.litellm.shown import NESTED
from api.litellm.translate import columns
from keys.models import Key
from keys.permissions import MEMBER_PERMISSIONS, to_actions, to_routes
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor, fields, grants
from teams import services
from teams.models import Membership, Team

PAGED = "/v2/team/list"
NO_ORGANIZATION = "default_organization"  # LiteLLM's word for "teams without an organization"
MEMBER_COLUMNS = {**translate.MEMBER, "max_budget_in_team": "max_budget"}


def new(actor: Actor, body: requests.TeamNew) -> dict[str, Any]:
    return one(actor, compound.create_team(actor, body))


def update(actor: Actor, body: requests.TeamUpdate) -> dict[str, Any]:
    team = policy.find(actor, Action.CHANGE_TEAMS, Team.objects.select_related("organization"), body.team_id)
    require_same_organization(actor, team, body)
    changes = columns(body, translate.TEAM, leave=("team_id",)) | compound.defaults(body, team.member_defaults)
    if "team_member_permissions" in body.model_fields_set:
        changes["permissions"] = to_actions(body.team_member_permissions)
    return {"team_id": team.public_id, "data": one(actor, services.update_team(actor, team, **changes))}


def require_same_organization(actor: Actor, team: Team, body: requests.TeamUpdate) -> None:
    """Clients that send whole rows back name the organization too; any other one would be a move."""
    if "organization_id" not in body.model_fields_set:
        return
    current = team.organization
    if (body.organization_id or None) == (current.public_id if current else None):
        return
    policy.require(actor, Action.MOVE_TEAMS, team)
    raise ValidationError({"organization_id": "A team cannot be moved to another organization."})


def info(actor: Actor, body: requests.TeamNamed) -> dict[str, Any]:
    team = policy.find(actor, Action.SEE_TEAMS, Team.objects.select_related("organization"), body.team_id)
    row = full(actor, [team])[0]
    keys, memberships = row.pop("keys"), row.pop("team_memberships")
    return {"team_id": team.public_id, "team_info": row, "keys": keys, "team_memberships": memberships}


def list_all(actor: Actor, body: requests.TeamFilter) -> list[dict[str, Any]]:
    return full(actor, lists.everything(actor, Action.SEE_TEAMS, filtered(actor, body), paged=PAGED))


def list_page(actor: Actor, body: requests.TeamPage) -> dict[str, Any]:
    order = lists.order_of(body.sort_by, body.sort_order, {"team_alias": "alias_key", "team_id": "public_id"})
    found = policy.numbered(
        actor, Action.SEE_TEAMS, filtered(actor, body), page=body.page, size=body.page_size, order=order
    )
    return lists.numbered(found, "teams", full(actor, found.items))


def filtered(actor: Actor, body: requests.TeamFilter) -> Any:
    """The filters of the team lists; filtering by a person sees only memberships that the caller sees."""
    found = Team.objects.select_related("organization")
    if body.organization_id == NO_ORGANIZATION:
        found = found.filter(organization=None)
    elif body.organization_id:
        found = found.filter(organization__in=Organization.objects.filter(Organization.named(body.organization_id)))
    if body.user_id:
        person = compound.PEOPLE.filter(compound.PEOPLE.model.named(body.user_id))
        joined = policy.visible(
            actor, Action.VIEW_MEMBERS, Membership.objects.filter(user__in=person, team__isnull=False)
        )
        found = found.filter(pk__in=joined.values("team"))
    if body.team_alias:
        found = found.filter(alias_key__contains=fold(body.team_alias))
    return found


def one(actor: Actor, team: Team) -> dict[str, Any]:
    """One team with the members that the caller may see."""
    row = full(actor, [team])[0]
    return {name: value for name, value in row.items() if name not in ("keys", "team_memberships")}


def full(actor: Actor, teams: Sequence[Team]) -> list[dict[str, Any]]:
    """Teams with the members and keys in them that the caller may see. The same few queries for one or a thousand."""
    ids = [team.pk for team in teams]
    people = people_rows.visible_members(actor, team__in=ids)
    memberships: dict[UUID | None, list[Any]] = defaultdict(list)
    for membership, row in zip(people, people_rows.member_rows(actor, people), strict=True):
        memberships[membership.team_id].append(row)
    bound = (
        Key.objects.filter(team__in=ids)
        .select_related("user", "team", "project", "organization")
        .order_by("created_at", "pk")
    )
    seen = list(policy.visible(actor, Action.LIST_KEYS, bound)[:NESTED])
    keys: dict[UUID | None, list[Any]] = defaultdict(list)
    for key, row in zip(seen, rows.key_rows(actor, seen), strict=True):
        keys[key.team_id].append(row)
    permitted = permissions_of(actor, teams)
    found = []
    for team, row in zip(teams, rows.team_rows(actor, teams), strict=True):
        members = [
            {name: member.get(name) for name in ("user_id", "user_email", "role")} for member in memberships[team.pk]
        ]
        nested = {"members_with_roles": members, "keys": keys[team.pk], "team_memberships": memberships[team.pk]}
        found.append({**row, **permitted.get(team.pk, {}), **nested})
    return found


def permissions_of(actor: Actor, teams: Sequence[Team]) -> dict[UUID, dict[str, list[str]]]:
    """What members may do with keys, for the teams where the caller may know it. One query."""
    seen = [team for team in teams if "team_member_permissions" in fields.readable(actor, team)]
    held = grants.on_own_groups("team", [team.pk for team in seen])
    return {team.pk: {"team_member_permissions": to_routes(held.get(team.pk, ()))} for team in seen}


def member_add(actor: Actor, body: requests.TeamMembers) -> dict[str, Any]:
    team = policy.find(actor, Action.MANAGE_MEMBERS, Team.objects.select_related("organization"), body.team_id)
    added = compound.add_members(actor, team, people=as_list(body.member), **columns(body, MEMBER_COLUMNS))
    people, memberships = echoed(actor, added, as_list(body.member))
    return {**one(actor, team), "updated_users": people, "updated_team_memberships": memberships}


def permissions_list(actor: Actor, body: requests.TeamNamed) -> dict[str, Any]:
    team = policy.find(actor, Action.VIEW_TEAM_PERMISSIONS, Team, body.team_id)
    held = to_routes(grants.on(team, team.group))
    return {
        "team_id": team.public_id,
        "team_member_permissions": held,
        "all_available_permissions": list(MEMBER_PERMISSIONS),
    }


def permissions_update(actor: Actor, body: requests.TeamPermissions) -> dict[str, Any]:
    team = policy.find(actor, Action.CHANGE_TEAM_PERMISSIONS, Team.objects.select_related("organization"), body.team_id)
    return one(
        actor, services.set_member_permissions(actor, team, permissions=to_actions(body.team_member_permissions))
    )
