"""The tree of commands: LLMariner's as it is really spelt and as its documentation spells it, and what is ours."""

from pathlib import Path
from typing import Annotated

import typer

from rbacctl import VERSION
from rbacctl.commands import (
    access,
    audit,
    auth,
    context,
    keys,
    kubernetes,
    models,
    organizations,
    projects,
    teams,
    users,
)
from rbacctl.output import COLOURS, Screen
from rbacctl.session import Session

app = typer.Typer(
    name="rbacctl",
    help="Organizations, projects, teams, people, keys and who may do what, from the terminal.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a key among them would be printed
)
admin = typer.Typer(help="Organizations, projects and people.", no_args_is_help=True)

Trees = tuple[tuple[typer.Typer, str, tuple[str, ...]], ...]
ADMIN: Trees = (
    (organizations.tree, "organizations", ("orgs", "org", "organization")),
    (projects.tree, "projects", ("project",)),
    (users.tree, "users", ("user",)),
)
TOP: Trees = (
    (admin, "admin", ()),
    (auth.tree, "auth", ()),
    (context.tree, "context", ()),
    (models.tree, "models", ("model",)),
    (teams.tree, "teams", ("team",)),
    (keys.tree, "keys", ("key",)),
    (audit.tree, "audit", ()),
)
for above, trees in ((admin, ADMIN), (app, TOP)):
    for tree, name, aliases in trees:
        above.add_typer(tree, name=name)
        for alias in aliases:
            above.add_typer(tree, name=alias, hidden=True)
access.put_into(app)
kubernetes.put_into(app)


def told(wanted: bool) -> None:
    """Say the version, and end."""
    if wanted:
        typer.echo(f"rbacctl {VERSION}")
        raise typer.Exit


@app.callback()
def begin(
    ctx: typer.Context,
    server: Annotated[
        str, typer.Option(help="The server's address. Else RBACCTL_SERVER, else the one signed in to last.")
    ] = "",
    _version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=told, is_eager=True)
    ] = False,
    authority: Annotated[
        Path | None,
        typer.Option(
            "--certificate-authority", help="Who vouches for the server (PEM). Else RBACCTL_CA_FILE, or as remembered."
        ),
    ] = None,
    colour: Annotated[str, typer.Option("--color", help="auto, always or never.")] = "auto",
) -> None:
    """What every command shares."""
    if colour not in ("auto", *COLOURS):
        raise typer.BadParameter("Choose from: auto, always, never.", param_hint="--color")
    ctx.obj = Session(server, authority, screen=Screen(colour=colour))
