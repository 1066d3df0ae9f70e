"""What a row of the table says, and short ways to say it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tests.world import World

# Who walks. `stranger` and `there_member` are of the other organization; the superuser opens Django admin.
PERSONAS = (
    *("anonymous", "loner", "member", "org_admin", "auditor", "proxy_admin"),
    *("stranger", "there_member", "superuser"),
)
SIGNED_IN = PERSONAS[1:]
ELSEWHERE = ("stranger", "there_member")
READS, UPDATES, DELETES = ("GET", "POST"), ("POST", "PATCH"), ("POST", "DELETE")


@dataclass(frozen=True)
class Rule:
    """What GET answers, by persona. `path` makes the address where the route has parameters.

    `session` says whether the persona comes with a browser session (else with a key, as dialects want it).
    """

    statuses: Mapping[str, int]
    path: Callable[[World], str] | None = None
    session: bool = True
    about_object: bool = False
    signs_in: str = "/accounts/login/"  # where 302 sends who is not signed in
    methods: tuple[str, ...] = ()  # of dialect routes


def everybody(status: int, **others: int) -> dict[str, int]:
    return {**dict.fromkeys(PERSONAS, status), **others}


def signed_in(status: int = 200, **others: int) -> dict[str, int]:
    """Anonymous people are sent to the sign-in page."""
    return everybody(status, anonymous=302, **others)


def page(status: int = 200, **others: int) -> Rule:
    return Rule(signed_in(status, **others))


def public(status: int = 200, **others: int) -> Rule:
    return Rule(everybody(status, **others))


def at(address: str, rule: Rule) -> Rule:
    """The rule, at this address: for parameters that name nothing in particular."""
    return replace(rule, path=lambda world: address)


def about(path: Callable[[World], str], **statuses: int) -> Rule:
    """A page about one object. The other organization never sees it."""
    return Rule(signed_in(200, loner=404, stranger=404, there_member=404, **statuses), path, about_object=True)


def dialect(status: int, *methods: str, **others: int) -> Rule:
    """What the first method answers to an empty request with a key. 422 and 400 come before any right is asked."""
    return Rule(everybody(status, anonymous=401, **others), session=False, methods=methods)
