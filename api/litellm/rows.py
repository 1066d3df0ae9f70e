"""Organizations, teams and keys as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from api.litellm import translate
from api.litellm.presets import type_of
from api.litellm.shown import BLOCKED, RECORD, Row, readable, shown, spends, with_budget
from api.litellm.translate import limits_of, record_of, stamp
from keys.models import Key
from orgs.models import Organization
from rbacadmin import money
from rbacadmin.policy import Actor
from teams.models import Team, User


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
