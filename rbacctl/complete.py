"""Names that a shell completes: asked of the server, quickly and quietly, as whoever is signed in."""

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import typer
import yaml

from rbacctl import lookup
from rbacctl.failure import Failure
from rbacctl.session import Session

PATIENCE = 3.0  # seconds: somebody waits at a prompt
MOST = 100
SPECIAL = re.compile(r"[^\w@%+=:,./-]")
QUOTING = ("complete_zsh", "complete_fish")
Names = Callable[[typer.Context, str], list[str]]


def completing(fetch: Callable[[Session, typer.Context], Iterable[str]]) -> Names:
    """What fits behind what was typed so far; nothing where the server cannot be asked."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        found: Iterable[str] = ()
        with suppress(Failure, yaml.YAMLError, KeyError, TypeError):
            session = Session(str(ctx.find_root().params.get("server") or ""), patience=PATIENCE)
            found = fetch(session, ctx)
        return typed(name for name in found if name.startswith(incomplete))

    return complete


def typed(names: Iterable[str]) -> list[str]:
    """Names as they may be put on a command line: bash takes them as they come, zsh and fish quote them themselves.

    Others make a name, somebody else presses Enter: what PowerShell would read as more than a word is left out.
    """
    how = next((how for variable, how in os.environ.items() if variable.endswith("_COMPLETE")), "")
    shown = [name for name in names if name.isprintable()]
    if how == "complete_bash":
        return [re.sub(SPECIAL, r"\\\g<0>", name) for name in shown]
    return shown if how in QUOTING else [name for name in shown if not re.search(SPECIAL, name)]


def named(ctx: typer.Context) -> str | None:
    """The organization that stands on the line already."""
    return ctx.params.get("organization")


def titles(rows: Iterable[dict[str, Any]]) -> list[str]:
    return [str(row["title"]) for row in rows]


organizations = completing(lambda session, ctx: titles(lookup.organizations(session)))
projects = completing(lambda session, ctx: titles(lookup.projects(session, lookup.organization(session, named(ctx)))))
teams = completing(
    lambda session, ctx: [
        row["team_alias"] for row in session.client.get("/v2/team/list", page=1, page_size=MOST)["teams"]
    ]
)
keys = completing(
    lambda session, ctx: [
        row["key_alias"] or ""
        for row in session.client.get("/key/list", page=1, size=MOST, return_full_object="true")["keys"]
    ]
)
