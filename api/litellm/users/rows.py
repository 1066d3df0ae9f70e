"""People as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Sequence

from api.litellm import translate
from api.litellm.shown import BLOCKED, RECORD, Row, readable, shown, spends
from api.litellm.translate import limits_of, record_of, temporary_of
from rbacadmin import money
from rbacadmin.policy import Actor
from teams.models import User

PEOPLE = User.objects.people()


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
            **temporary_of(row),
            "spend": money.to_number(spent.get(row.pk, 0)),
            "blocked": row.blocked,
            **record_of(row),
        }
        found.append(shown(whole, names, allowed[row.pk]))
    return found
