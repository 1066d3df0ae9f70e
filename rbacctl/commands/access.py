"""`can` and `who-can`: whether somebody may do something, why, and who else could."""

import difflib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from rbacctl import lookup
from rbacctl.command import command
from rbacctl.commands import keys, teams
from rbacctl.commands.projects import InOrganization
from rbacctl.failure import Code, Failure
from rbacctl.output import local_time
from rbacctl.session import Session, session_of

MANY = 20  # names in a refusal: the list of all actions
KINDS = ("organization", "project", "team", "user", "key", "model", "access_group")
PEOPLE = {"User ID": "user_id", "E-mail": "user_email"}
ACTION = Annotated[str, typer.Argument(help="An action of docs/permissions.md, such as create_keys.")]
KIND = Annotated[str | None, typer.Argument(help=" | ".join(KINDS), metavar="KIND", autocompletion=lambda: list(KINDS))]
NAME = Annotated[str | None, typer.Argument(help="The object's name or id.", metavar="NAME")]


def put_into(app: typer.Typer) -> None:
    """The two commands, at the top of the tree."""
    command(app, "can")(can)
    command(app, "who-can")(who_can)


def about(session: Session, kind: str | None, name: str | None, organization: str | None) -> dict[str, Any]:
    """The object of a question, by its id; nothing for the platform."""
    if kind is None:
        return {}
    if kind not in KINDS or name is None:
        raise typer.BadParameter(f"Name an object by its kind and name: {', '.join(KINDS)}.")
    if kind == "organization":
        name = str(lookup.organization(session, name)["id"])
    elif kind == "project":
        name = str(lookup.project(session, name, organization)["id"])
    elif kind == "team":
        name = str(teams.find(session, name)["team_id"])
    elif kind == "key":
        name = str(keys.find(session, name)["token"])
    return {"kind": kind, "object": name}


@contextmanager
def explained(action: str) -> Iterator[None]:
    """Of an action that there is none of, the server lists all that there are: name those that look alike."""
    try:
        yield
    except Failure as failure:
        known = re.findall(r"'([a-z_]+)'", str(failure))
        if failure.code != Code.REFUSED or len(known) < MANY:
            raise
        close = ", ".join(difflib.get_close_matches(action, known)) or ", ".join(sorted(known))
        raise Failure(f"There is no action '{action}'. There are: {close}.", failure.code) from None


def can(
    ctx: typer.Context,
    action: ACTION,
    kind: KIND = None,
    name: NAME = None,
    organization: InOrganization = None,
    person: Annotated[str | None, typer.Option(help="Somebody else, by e-mail.")] = None,
    model: Annotated[str | None, typer.Option(help="With call_models and a key: this model.")] = None,
) -> None:
    """Whether you (or somebody else) may do something, and why. Exit code 0 for yes, 1 for no."""
    session = session_of(ctx)
    asked = {"action": action, "person": person, "model": model, **about(session, kind, name, organization)}
    with explained(action):
        found = session.client.post("/access/explain", asked)
    if session.screen.for_people:
        for line in lines(found):
            session.screen.line(line)
    else:
        session.screen.data(found)
    if not found["allowed"]:
        raise typer.Exit(Code.NO)


def because(one: dict[str, Any]) -> str:
    """A reason in words, with its end where it has one."""
    until = f", until {local_time(one['until'])}" if one.get("until") else ""
    return f"{one['kind']} {one['name']} in {one['scope'] or 'the platform'}{until}"


def lines(found: dict[str, Any]) -> list[str]:
    """A decision in words."""
    verdict = "yes" if found["allowed"] else "no"
    told = [f"{verdict}: {found['subject']}, {found['action']}, {found['object'] or 'the platform'}"]
    told += [f"  by {because(one)}" for one in found["reasons"]]
    told += [f"  but {one['text']}" for one in found["limits"]]
    if refusal := found.get("refusal"):
        told.append(f"  refused by the {refusal['level']}: {refusal['message']}")
    if not found["allowed"] and found["roles_that_could"]:
        told.append(f"  it takes {', '.join(found['roles_that_could'])}")
    if not found["allowed"] and found["who_could"]:
        told.append(f"  ask {', '.join(found['who_could'])}")
    return told


def who_can(
    ctx: typer.Context, action: ACTION, kind: KIND = None, name: NAME = None, organization: InOrganization = None
) -> None:
    """Who may do something there, as far as you may see them."""
    session = session_of(ctx)
    asked = about(session, kind, name, organization)
    with explained(action):
        found = session.client.get("/access/who-can", action=action, **asked)
    if not session.screen.for_people:
        return session.screen.data(found)
    session.screen.rows(found["people"], PEOPLE)
    if found["truncated"]:
        session.screen.aside("There are more.")
    return None
