"""Organizations as LiteLLM shows them, cut down to what the caller may read."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.litellm import translate
from api.litellm.budgets.holding import with_budgets
from api.litellm.memberships.rows import member_rows, visible_members
from api.litellm.shown import BLOCKED, NESTED, RECORD, Row, readable, shown, spends
from api.litellm.teams.rows import TEAMS, team_rows
from api.litellm.translate import limits_of, record_of
from orgs.models import Organization
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor


def organization_rows(actor: Actor, rows: Sequence[Organization]) -> list[Row]:
    """Organizations; who sees only the name gets only the name."""
    allowed, spent = readable(actor, rows), spends(rows)
    names = {**translate.ORGANIZATION, **RECORD, **BLOCKED, "model_spend": "spend"}
    found = []
    for row in rows:
        whole = {
            "organization_id": row.public_id,
            "organization_alias": row.alias,
            **limits_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "model_spend": {},
            "blocked": row.blocked,
            **record_of(row),
        }
        found.append(shown(whole, names, allowed[row.pk]))
    return with_budgets(rows, found)


def full_rows(actor: Actor, organizations: Sequence[Organization]) -> list[dict[str, Any]]:
    """Organizations with the people and teams that the caller may see: the same few queries for one or a thousand."""
    ids = [organization.pk for organization in organizations]
    people = visible_members(actor, organization__in=ids, team=None, project=None)
    inside = TEAMS.filter(organization__in=ids).order_by("created_at", "pk")
    teams = list(policy.visible(actor, Action.SEE_TEAMS, inside)[:NESTED])
    members: dict[UUID | None, list[Any]] = defaultdict(list)
    for membership, row in zip(people, member_rows(actor, people), strict=True):
        members[membership.organization_id].append(row)
    nested: dict[UUID | None, list[Any]] = defaultdict(list)
    for team, row in zip(teams, team_rows(actor, teams), strict=True):
        nested[team.organization_id].append(row)
    shown = organization_rows(actor, organizations)
    return [{**row, "members": members[pk], "teams": nested[pk]} for pk, row in zip(ids, shown, strict=True)]
