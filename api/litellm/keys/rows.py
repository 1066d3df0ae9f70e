"""Keys as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Sequence

from django.utils import timezone

from api.litellm import translate
from api.litellm.presets import type_of
from api.litellm.shown import BLOCKED, RECORD, Row, readable, shown, spends, with_budget
from api.litellm.translate import limits_of, record_of, stamp
from keys.models import Key
from rbacadmin import money
from rbacadmin.policy import Actor
from teams.models import User

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
