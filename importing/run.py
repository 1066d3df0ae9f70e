"""One import: who does it, what it has met so far, and what becomes of a row that is here already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from importing.found import Report, short
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Actor
from teams.models import User

Progress = Callable[[str, int, int], None]


@dataclass
class Run:
    """One import. `update` changes what is here already and differs."""

    actor: Actor
    report: Report
    progress: Progress
    update: bool = False
    scopes: dict[tuple[str, str], Any] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    known_before: set[str] = field(default_factory=set)  # people who were here under another id


def named_apart(name: str, ident: str, say: Callable[[str], None], make: Callable[[str], Any]) -> Any:
    """Make a row under its name, or where that is taken, with six characters behind it, the same ones every time."""
    try:
        return make(name)
    except Duplicate as error:
        if error.field != "alias":
            raise
    made = make(apart(name, ident))
    say(f"the name '{name}' is taken; is called '{apart(name, ident)}'.")
    return made


def apart(name: str, ident: str) -> str:
    return f"{name[:240]} ({short(ident)})"


def scope_of(run: Run, kind: str, ident: str) -> Any:
    """A scope that came in this run. Raises ValidationError when it did not."""
    if (kind, ident) not in run.scopes:
        raise ValidationError(f"Its {kind} {ident} did not come.")
    return run.scopes[kind, ident]


def differences(row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is said there and stands differently here. An empty list and null are the same list."""
    return {name: value for name, value in values.items() if (getattr(row, name) or None) != (value or None)}


def settle(run: Run, kind: str, ident: str, row: Any, changes: Mapping[str, Any], update: Callable[..., Any]) -> str:
    """A row that is here already: as it is there, left as it is, or changed."""
    if not changes:
        return "same"
    if run.update:
        update(run.actor, row, **changes)
        return "changed"
    run.report.note(kind, ident, f"is here already and differs in {', '.join(changes)}; left as it is (see --update).")
    return "differs"


def block_too(run: Run, outcome: str, say: Callable[[str], None], block: Callable[[], Any]) -> str:
    """A block that is there and not here."""
    if run.update:
        block()
        return "changed"
    say("is blocked there and not here; left as it is (see --update).")
    return "differs" if outcome == "same" else outcome
