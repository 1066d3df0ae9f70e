"""How requests name people and those who are to be members."""

from typing import Annotated

from pydantic import Field

from api.types import Ident, Request, Text


class PersonNamed(Request):
    """A person, by id or e-mail. An id that is an e-mail names the person too."""

    user_id: Ident | None = None
    user_email: Ident | None = None


class Member(PersonNamed):
    """A person to add."""

    role: Text


Members = Member | Annotated[list[Member], Field(min_length=1, max_length=500)]
