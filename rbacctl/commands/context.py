"""`context`: the organization and the project that commands mean when none is named."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from rbacctl import complete, lookup
from rbacctl.command import Tree, command
from rbacctl.commands.projects import InOrganization
from rbacctl.failure import Code, Failure
from rbacctl.output import plain
from rbacctl.session import Session, session_of

tree = typer.Typer(cls=Tree, help="The organization and project that commands mean.", no_args_is_help=True)
COLUMNS = {
    "Organization": "organization.title",
    "Organization ID": "organization.id",
    "Project": "project.title",
    "Project ID": "project.id",
}
InProject = Annotated[
    str | None,
    typer.Option(
        "-p",
        "--project-title",
        help="The project's title or id, if not that of the context.",
        autocompletion=complete.projects,
    ),
]
NOTHING = {"title": "not selected", "id": ""}


@command(tree, "get")
def get(ctx: typer.Context) -> None:
    """What is chosen on this server."""
    session = session_of(ctx)
    found = session.context
    shown = {kind: found.get(kind, NOTHING) for kind in ("organization", "project")}
    session.screen.one(shown if session.screen.for_people else found, COLUMNS)


@command(tree, "set")
def choose(ctx: typer.Context, organization: InOrganization = None, project: InProject = None) -> None:
    """Choose by name, or from a list where something is left to choose."""
    session = session_of(ctx)
    found = choice(session, organization, project)
    session.keep(context=found)
    session.screen.done(f"The context is {words(found)}.", found)


@command(tree, "clear")
def clear(ctx: typer.Context) -> None:
    """Choose nothing."""
    session = session_of(ctx)
    session.keep(context={})
    session.screen.done("No context is chosen.", {})


def choice(session: Session, organization: str | None, project: str | None) -> dict[str, Any]:
    """An organization, and a project of it where there is one."""
    listed = lookup.organizations(session)
    owner = lookup.chosen(listed, organization, "organization") if organization else pick(listed, "organization")
    inside = lookup.projects(session, owner)
    found = {"organization": kept(owner)}
    if project or inside:
        one = lookup.chosen(inside, project, "project") if project else pick(inside, "project")
        found["project"] = kept(one)
    return found


def words(found: dict[str, Any]) -> str:
    """A context as one says it."""
    return ", ".join(f'{kind} "{found[kind]["title"]}"' for kind in found)


def kept(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "title": row["title"]}


def pick(rows: Sequence[dict[str, Any]], what: str) -> dict[str, Any]:
    """One of them: the only one, or the one whose number is typed. Raises Failure where nobody can be asked."""
    if not rows:
        raise Failure(f"There is no {what} that you may see.", Code.NOT_FOUND)
    if len(rows) == 1:
        return rows[0]
    for number, row in enumerate(rows, 1):
        typer.echo(f"{number:>3}  {plain(row['title'])}  ({row['id']})", err=True)
    try:
        number = typer.prompt(f"Which {what}", type=int, err=True)
    except typer.Abort:
        typer.echo(err=True)  # the question stands on a line of its own
        raise Failure(f"Nothing was chosen. Name it: --{what}-title", Code.USAGE) from None
    if not 1 <= number <= len(rows):
        raise Failure(f"{number} is not in the list.", Code.USAGE)
    return rows[number - 1]
