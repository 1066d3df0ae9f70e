"""Memberships and the people who hold them, as the answers show them."""

from api.litellm.limited import Limited, Temporary
from api.types import Response


class MembershipRow(Limited, Temporary):
    """Somebody's membership, with their personal limits there. Each kind of scope adds its id and the role."""

    user_id: str
    user_email: str | None = None
    expires_at: str | None = None


class Person(Response):
    """Somebody who was just added, as the caller named them."""

    user_id: str
    user_email: str | None = None
