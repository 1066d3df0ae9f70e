"""People and memberships as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Sequence
from typing import Any

from api.litellm import translate
from api.litellm.shown import BLOCKED, NESTED, RECORD, Row, readable, shown, spends
from api.litellm.translate import limits_of, record_of, stamp
from rbacadmin import money, policy
from rbacadmin.policy import Action, Actor
from teams.models import Membership, User


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
