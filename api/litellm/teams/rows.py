"""Teams as LiteLLM shows them, cut down to what the caller may read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.litellm import translate
from api.litellm.keys.rows import KEYS, key_rows
from api.litellm.memberships.rows import member_rows, visible_members
from api.litellm.shown import BLOCKED, NESTED, RECORD, Row, readable, shown, spends
from api.litellm.translate import limits_of, record_of
from keys.permissions import to_routes
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor, fields, grants
from teams.models import Team

TEAMS = Team.objects.select_related("organization")


def team_rows(actor: Actor, rows: Sequence[Team]) -> list[Row]:
    """Teams, without their people. Needs the join of TEAMS."""
    allowed, spent = readable(actor, rows), spends(rows)
    names = {
        **translate.TEAM,
        **RECORD,
        **BLOCKED,
        "organization_id": "organization_id",
        "team_member_budget_table": "member_defaults",
    }
    found = []
    for row in rows:
        whole = {
            "team_id": row.public_id,
            "team_alias": row.alias,
            "organization_id": row.organization.public_id if row.organization else None,
            **limits_of(row),
            "model_aliases": row.model_aliases,
            "spend": money.to_number(spent.get(row.pk, 0)),
            "blocked": row.blocked,
            "team_member_budget_table": defaults_of(row),
            **record_of(row),
        }
        found.append(shown(whole, names, allowed[row.pk]))
    return found


def defaults_of(team: Team) -> Row | None:
    """What a team's new members start with, as LiteLLM's budget row."""
    stored = team.member_defaults
    return {"budget_id": team.public_id, **stored, **money_of(stored)} if stored else None


def money_of(stored: Mapping[str, Any]) -> Row:
    return {name: money.to_number(stored[name]) for name in translate.MONEY if name in stored}


def one_row(actor: Actor, team: Team) -> dict[str, Any]:
    """One team with the members that the caller may see."""
    row = full_rows(actor, [team])[0]
    return {name: value for name, value in row.items() if name not in ("keys", "team_memberships")}


def full_rows(actor: Actor, teams: Sequence[Team]) -> list[dict[str, Any]]:
    """Teams with the members and keys in them that the caller may see. The same few queries for one or a thousand."""
    ids = [team.pk for team in teams]
    people = visible_members(actor, team__in=ids)
    memberships: dict[UUID | None, list[Any]] = defaultdict(list)
    for membership, row in zip(people, member_rows(actor, people), strict=True):
        memberships[membership.team_id].append(row)
    bound = KEYS.filter(team__in=ids).order_by("created_at", "pk")
    seen = list(policy.visible(actor, Action.LIST_KEYS, bound)[:NESTED])
    keys: dict[UUID | None, list[Any]] = defaultdict(list)
    for key, row in zip(seen, key_rows(actor, seen), strict=True):
        keys[key.team_id].append(row)
    permitted = permissions_of(actor, teams)
    found = []
    for team, row in zip(teams, team_rows(actor, teams), strict=True):
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
