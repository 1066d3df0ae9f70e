"""Rows as LiteLLM shows them, cut down to the fields that the caller may read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from api.litellm import translate
from api.litellm.presets import type_of
from api.litellm.translate import budget_table, limits_of, record_of, stamp
from gateway.models import Spend
from keys.models import Key
from orgs.models import Organization
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor, fields
from teams.models import Membership, Team, User

Row = dict[str, Any]
Readable = Mapping[UUID, frozenset[str]]

RECORD = {name: name for name in ("created_at", "updated_at", "created_by", "updated_by", "spend")}
BLOCKED = {"blocked": "blocked_by"}


def readable(actor: Actor, rows: Sequence[Model]) -> dict[UUID, frozenset[str]]:
    """The fields that the actor may read of each row. People stand in many scopes, so they are asked about in bulk."""
    if not rows or not isinstance(rows[0], User):
        return {row.pk: fields.readable(actor, row) for row in rows}
    table = fields.FIELDS["teams.User"]
    page = User.objects.filter(pk__in=[row.pk for row in rows])
    seen = {
        action: set(policy.visible(actor, action, page).values_list("pk", flat=True))
        for action in {a.read for a in table.values()}
    }
    return {row.pk: frozenset(name for name, access in table.items() if row.pk in seen[access.read]) for row in rows}


def spends(rows: Iterable[Model]) -> dict[UUID, int]:
    """What each row has spent in its current period, in nano-dollars. One query."""
    return dict(Spend.objects.filter(object_id__in=[row.pk for row in rows]).values_list("object_id", "current"))


def shown(row: Row, names: Mapping[str, str], allowed: frozenset[str]) -> Row:
    """What of a row may be read: every name stands for a column, and the column decides."""
    return {name: value for name, value in row.items() if names[name] in allowed}


def organization_rows(actor: Actor, rows: Sequence[Organization]) -> list[Row]:
    """Organizations; who sees only the name gets only the name."""
    allowed, spent = readable(actor, rows), spends(rows)
    names = {**translate.ORGANIZATION, **RECORD, **BLOCKED, "budget_id": "max_budget", "model_spend": "spend"}
    found = []
    for row in rows:
        whole = {
            "organization_id": row.public_id,
            "organization_alias": row.alias,
            "budget_id": row.public_id,
            **limits_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "model_spend": {},
            "blocked": row.blocked,
            **record_of(row),
        }
        found.append(with_budget(shown(whole, names, allowed[row.pk]), row.public_id))
    return found


def with_budget(row: Row, budget_id: str) -> Row:
    """Add the nested budget where the caller reads any of it."""
    return {**row, "litellm_budget_table": budget_table(budget_id, row)} if "max_budget" in row else row


def team_rows(actor: Actor, rows: Sequence[Team]) -> list[Row]:
    """Teams, without their people. Needs `select_related("organization")`."""
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


def key_rows(actor: Actor, rows: Sequence[Key]) -> list[Row]:
    """Keys, never with their secret. Needs `select_related("user", "team", "project", "organization")`."""
    allowed, spent, now = readable(actor, rows), spends(rows), timezone.now()
    same = ("user_id", "team_id", "project_id", "organization_id")
    names = {
        **translate.KEY,
        **RECORD,
        **BLOCKED,
        **{name: name for name in same},
        "token": "token",
        "token_id": "token",
        "key_name": "name",
        "user_email": "user_id",
        "team_alias": "team_id",
        "expires": "expires_at",
        "last_active": "last_used_at",
        "key_type": "allowed_routes",
        "status": "expires_at",
    }
    found = []
    for row in rows:
        person = row.user if row.user and row.user.kind == User.Kind.PERSON else None
        whole = {
            "token": row.token,
            "token_id": row.token,
            "key_name": row.name,
            "key_alias": row.alias or None,
            "user_id": person.public_id if person else None,
            "user_email": person.email if person else None,
            "team_id": row.team.public_id if row.team else None,
            "team_alias": row.team.alias if row.team else None,
            "project_id": row.project.public_id if row.project else None,
            "organization_id": row.organization.public_id if row.organization else None,
            **limits_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "expires": stamp(row.expires_at),
            "last_active": stamp(row.last_used_at),
            "aliases": row.aliases,
            "permissions": row.permissions,
            "allowed_routes": row.allowed_routes,
            "key_type": type_of(row.allowed_routes),
            "blocked": row.blocked,
            "status": row.state(now),
            **record_of(row),
        }
        kept = shown(whole, names, allowed[row.pk])
        found.append(
            {**with_budget(kept, row.public_id), "spend": kept.get("spend")}
        )  # rulebook 20: other people's is null
    return found


def user_rows(actor: Actor, rows: Sequence[User]) -> list[Row]:
    """People, without their teams and keys."""
    allowed, spent = readable(actor, rows), spends(rows)
    names = {**translate.USER, **RECORD, **BLOCKED}
    found = []
    for row in rows:
        whole = {
            "user_id": row.public_id,
            "user_email": row.email,
            "user_alias": row.name or None,
            "user_role": row.platform_role,
            **limits_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "blocked": row.blocked,
            **record_of(row),
        }
        found.append(shown(whole, names, allowed[row.pk]))
    return found


def member_rows(actor: Actor, rows: Sequence[Membership]) -> list[Row]:
    """Memberships of organizations or teams. Needs `select_related("user", "organization", "team")`."""
    allowed, spent = readable(actor, rows), spends(rows)
    names = {**translate.SAME, **RECORD, "user_id": "user_id", "user_email": "user_id", "expires_at": "expires_at"}
    names |= {"organization_id": "organization_id", "team_id": "team_id", "role": "role", "user_role": "role"}
    found = []
    for row in rows:
        place = {"team_id": row.team.public_id, "role": row.role} if row.team else {"user_role": row.role}
        if not row.team:
            place["organization_id"] = row.organization.public_id if row.organization else ""
        whole = {
            "user_id": row.user.public_id,
            "user_email": row.user.email,
            **place,
            **limits_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "expires_at": stamp(row.expires_at),
            **record_of(row),
        }
        found.append(shown(whole, names, allowed[row.pk]))
    return found


def visible_members(actor: Actor, **where: Any) -> list[Membership]:
    """The memberships that the actor may see, oldest first, at most NESTED."""
    rows = (
        Membership.objects.filter(**where).select_related("user", "organization", "team").order_by("created_at", "pk")
    )
    return list(policy.visible(actor, Action.VIEW_MEMBERS, rows)[:NESTED])


NESTED = 10_000
