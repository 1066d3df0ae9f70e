"""The tree of commands: LLMariner's as it is really spelt and as its documentation spells it, and what is ours."""

from pathlib import Path
from typing import Annotated

import typer
from typer.completion import show_callback

from rbacctl import VERSION
from rbacctl.command import Tree
from rbacctl.commands import (
    access,
    audit,
    auth,
    context,
    keys,
    kubernetes,
    manifests,
    models,
    organizations,
    projects,
    teams,
    users,
)
from rbacctl.output import COLOURS, Screen
from rbacctl.session import Session


class Top(Tree):
    """The whole program."""

    order = ("auth", "context", "models", "can", "who-can", "admin", "teams", "keys", "audit", "kubeconfig")


app = typer.Typer(
    cls=Top,
    epilog="Exit codes: 0 done or yes, 1 no, 2 mistyped, 3 not signed in, 4 you may not, 5 not there, 6 in the way, "
    "7 value refused, 8 try again later. More: docs/rbacctl.md",
    name="rbacctl",
    help="Organizations, projects, teams, people, keys and who may do what, from the terminal.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a key among them would be printed
)
admin = typer.Typer(cls=Tree, help="Organizations, projects and people.", no_args_is_help=True)

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
manifests.put_into(app)
SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


@app.command("completion")
def completion(
    ctx: typer.Context,
    shell: Annotated[str, typer.Argument(help=" | ".join(SHELLS), autocompletion=lambda: list(SHELLS))],
) -> None:
    """The script by which a shell completes commands: source <(rbacctl completion bash)."""
    if shell not in SHELLS:
        raise typer.BadParameter(f"Choose from: {', '.join(SHELLS)}.")
    show_callback(ctx, None, shell)  # type: ignore[arg-type]


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
            "--certificate-authority",
            metavar="FILE",
            help="Who vouches for it (PEM). Else RBACCTL_CA_FILE, or as remembered.",
        ),
    ] = None,
    debug: Annotated[
        bool, typer.Option(envvar=("RBACCTL_DEBUG", "LLMA_DEBUG"), help="Tell each request, without its secrets.")
    ] = False,
    colour: Annotated[str, typer.Option("--color", help="auto, always or never.")] = "auto",
) -> None:
    """What every command shares."""
    if colour not in ("auto", *COLOURS):
        raise typer.BadParameter("Choose from: auto, always, never.", param_hint="--color")
    ctx.obj = Session(server, authority, screen=Screen(colour=colour), debug=debug)
