"""Keys as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from api.litellm import translate
from api.litellm.budgets.holding import with_budgets
from api.litellm.presets import type_of
from api.litellm.shown import BLOCKED, RECORD, Row, readable, shown, spends
from api.litellm.translate import limits_of, record_of, stamp, temporary_of
from api.litellm.users.rows import PEOPLE
from keys.models import Key
from rbacadmin import money, policy
from rbacadmin.models import Archived
from rbacadmin.policy import Action, Actor

KEYS = Key.objects.select_related("user", "team", "project", "organization")


def key_rows(actor: Actor, rows: Sequence[Key]) -> list[Row]:
    """Keys, never with their secret. Needs the joins of KEYS."""
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
        person = row.person
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
            **temporary_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "expires": stamp(row.expires_at),
            "last_active": stamp(row.last_used_at),
            "aliases": row.aliases,
            "permissions": row.permissions,
            "allowed_routes": row.allowed_routes,
            "key_type": key_type(row),
            "blocked": row.blocked,
            "status": row.state(now),
            **record_of(row),
        }
        kept = shown(whole, names, allowed[row.pk])
        found.append({**kept, "spend": kept.get("spend")})  # rulebook 20: other people's is null
    return with_budgets(rows, found)


def key_type(row: Key) -> str:
    """What a key is for, in LiteLLM's words and one of ours."""
    if row.kind == Key.Kind.GATEWAY:
        return "gateway"
    return "management" if row.is_session else type_of(row.allowed_routes)


def owners_of(actor: Actor, rows: Sequence[Key]) -> dict[Any, Row]:
    """The people behind keys, by their key in the database, as far as the caller sees them. One query."""
    people = PEOPLE.filter(pk__in=[row.user_id for row in rows if row.user_id])
    return {
        person.pk: {
            "user_id": person.public_id,
            "user_email": person.email,
            "user_alias": person.name or None,
            "user_role": person.platform_role,
        }
        for person in policy.visible(actor, Action.VIEW_PEOPLE, people)
    }


def archived_rows(rows: Sequence[Archived]) -> list[Row]:
    """Keys that are gone: their names and places; the hash of the secret is not kept."""
    found = []
    for row in rows:
        kept = row.snapshot
        found.append(
            {
                "token_id": row.object_id,
                "key_name": kept.get("name") or row.name,
                "key_alias": kept.get("alias") or None,
                "user_id": kept.get("user_id") if kept.get("kind") == Key.Kind.PERSONAL else None,
                **{f"{kind}_id": str(pk) if pk else None for kind, pk in places_of(row)},
                "models": kept.get("models") or [],
                "expires": stamp(parse_datetime(kept["expires_at"])) if kept.get("expires_at") else None,
                "created_at": stamp(parse_datetime(kept["created_at"])) if kept.get("created_at") else None,
                "updated_at": stamp(row.created_at),
                "updated_by": row.archived_by,
                "status": "deleted",
            }
        )
    return found


def places_of(row: Archived) -> tuple[tuple[str, UUID | None], ...]:
    return ("organization", row.organization_id), ("team", row.team_id), ("project", row.project_id)
