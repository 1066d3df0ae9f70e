"""Memberships as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Sequence
from typing import Any

from api.litellm import translate
from api.litellm.shown import NESTED, RECORD, Row, readable, shown, spends
from api.litellm.translate import limits_of, record_of, stamp, temporary_of
from api.memberships import MEMBERS
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor
from teams.models import Membership

__all__ = ["MEMBERS", "member_rows", "place_of", "visible_members"]


def member_rows(actor: Actor, rows: Sequence[Membership]) -> list[Row]:
    """Memberships. Needs the joins of MEMBERS."""
    allowed, spent = readable(actor, rows), spends(rows)
    names = {**translate.SAME, **translate.TEMPORARY, **RECORD}
    names |= {"user_id": "user_id", "user_email": "user_id", "expires_at": "expires_at"}
    names |= {name: name for name in ("organization_id", "team_id", "project_id", "role")} | {"user_role": "role"}
    found = []
    for row in rows:
        place = place_of(row)
        whole = {
            "user_id": row.user.public_id,
            "user_email": row.user.email,
            **place,
            **limits_of(row),
            **temporary_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "expires_at": stamp(row.expires_at),
            **record_of(row),
        }
        found.append(shown(whole, names, allowed[row.pk]))
    return found


def place_of(row: Membership) -> Row:
    """Where somebody belongs and as what; LiteLLM calls the role in an organization `user_role`."""
    if row.project:
        return {"project_id": row.project.public_id, "role": row.role}
    if row.team:
        return {"team_id": row.team.public_id, "role": row.role}
    return {"organization_id": row.organization.public_id if row.organization else "", "user_role": row.role}


def visible_members(actor: Actor, **where: Any) -> list[Membership]:
    """The memberships that the actor may see, oldest first, at most NESTED."""
    rows = MEMBERS.filter(**where).order_by("created_at", "pk")
    return list(policy.visible(actor, Action.VIEW_MEMBERS, rows)[:NESTED])
