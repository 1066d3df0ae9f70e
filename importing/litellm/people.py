"""LiteLLM's users as people: one e-mail is one person here, and an id that is an e-mail is that person's own."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from importing.found import Found, FoundPerson
from importing.litellm.values import Say, limits_of, mapping, text
from teams.services.roles import canonical_role

RESERVED = ("default_user_id", "litellm-proxy-budget")  # the master key's, and a row that adds up spend
USUAL, LEAST = "internal_user", "internal_user_viewer"


def people_of(users: Sequence[Mapping[str, Any]], found: Found) -> None:
    """Put the users among the people. The oldest of those who share an e-mail keeps it."""
    holder: dict[str, str] = {}
    for row in sorted(users, key=lambda one: (text(one.get("created_at")), text(one.get("user_id")))):
        ident = text(row.get("user_id"))
        if ident in RESERVED:
            continue
        if not ident:
            found.report.leave_out("user", "", "has no id.")
            continue
        say = partial(found.report.note, "user", ident)
        email = address(row, ident, say)
        if email and holder.setdefault(email, ident) != ident:
            say(f"{email} is also the address of {holder[email]}, who is older; comes without it, and cannot sign in.")
            email = None
        values = limits_of(row, say)
        if name := text(row.get("user_alias")):
            values["name"] = name
        blocked = row.get("blocked") is True or mapping(row.get("metadata")).get("scim_active") is False
        found.people.append(FoundPerson(ident, email, role(row, say), kept_as(ident, email, say), values, blocked))


def address(row: Mapping[str, Any], ident: str, say: Say) -> str | None:
    """The user's e-mail in lower case: their own, else the id where that is one."""
    told = text(row.get("user_email")) or (ident if "@" in ident else "")
    if not told:
        return None
    try:
        validate_email(told)
    except ValidationError:
        say(f"'{told}' is no e-mail address; comes without one.")
        return None
    return told.lower()


def kept_as(ident: str, email: str | None, say: Say) -> str:
    """The id here. One that is an address, but not the user's own, would name somebody else."""
    if "@" not in ident:
        return ident
    if ident.lower() == email:
        return ident.lower()
    kept = f"user-{hashlib.sha256(ident.encode()).hexdigest()[:12]}"
    say(f"the id is an address, but not this user's; is {kept} here.")
    return kept


def role(row: Mapping[str, Any], say: Say) -> str:
    """The platform role. Nobody gains by coming over: what is not known becomes the least."""
    word = text(row.get("user_role"))
    if word == "org_admin":
        say("user_role org_admin says nothing without an organization; who administrates one comes with that.")
        return USUAL
    try:
        return canonical_role("platform", word or USUAL)
    except ValidationError:
        say(f"the role '{word}' is not known; comes as {LEAST}.")
        return LEAST
