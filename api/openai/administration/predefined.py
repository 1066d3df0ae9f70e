"""The roles under OpenAI's words and ids. Roles are code here: there are these, and no others (a custom one is 501)."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from rbacadmin import policy
from rbacadmin.policy import grants

ORGANIZATION, PROJECT = "organization", "project"


@dataclass(frozen=True)
class Predefined:
    """A role of a kind of scope: what OpenAI calls it, what it is here, and under which id it is assigned."""

    kind: str
    word: str
    role: str

    @property
    def id(self) -> str:
        return f"role-api-{self.kind}-{self.word}"

    @property
    def permissions(self) -> list[str]:
        """The actions that the role brings, as `/access/explain` names them."""
        return sorted(self.bundle)

    @property
    def bundle(self) -> frozenset[policy.Action]:
        """What the members of a group have when it is given the role."""
        return policy.ROLES[self.kind][self.role]


ROLES = (
    Predefined(ORGANIZATION, "owner", "org_admin"),
    Predefined(ORGANIZATION, "reader", "internal_user"),
    Predefined(PROJECT, "owner", "owner"),
    Predefined(PROJECT, "member", "member"),
)
WORDS = {(one.kind, one.role): one for one in ROLES} | {(ORGANIZATION, "internal_user_viewer"): ROLES[1]}


def word_of(kind: str, role: str) -> Any:
    """What OpenAI calls a role that is held."""
    return WORDS[kind, role].word


def of_kind(kind: str) -> list[Predefined]:
    return [one for one in ROLES if one.kind == kind]


def role_held(kind: str, given: grants.Given | None) -> Predefined | None:
    """The role that what was given to a group amounts to; None for less, which the dashboard can give."""
    held = given.actions if given else frozenset()
    return next((role for role in of_kind(kind) if role.bundle <= held), None)


def role_named(kind: str, text: str | None) -> Predefined | None:
    """The role that a word or an id names; None when nothing is asked for. Raises ValidationError for no such role."""
    if text is None:
        return None
    for one in of_kind(kind):
        if text in (one.id, one.word):
            return one
    known = ", ".join(f"{one.word} ({one.id})" for one in of_kind(kind))
    raise ValidationError({"role": f"'{text}' is no role of a {kind}: {known}."})


def role_asked(kind: str, text: str) -> Predefined:
    """The same for a role that must be named."""
    found = role_named(kind, text)
    assert found is not None, "a text names a role or raises"
    return found
