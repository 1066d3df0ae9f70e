"""`admin users`: the people whom you may see."""

from typing import Any

import typer

from rbacctl.command import Tree, command
from rbacctl.session import session_of
from rbacctl.words import word

tree = typer.Typer(cls=Tree, help="People and their roles.", no_args_is_help=True)
COLUMNS = {"ID": "id", "Organization Role Bindings": "organizations", "Project Role Bindings": "projects"}


def bindings(person: dict[str, Any]) -> dict[str, Any]:
    """A person with `title:role` for each place."""
    return {
        "id": person["id"],
        **{
            f"{kind}s": [f"{one[f'{kind}_title']}:{word(one['role'])}" for one in person[f"{kind}_role_bindings"]]
            for kind in ("organization", "project")
        },
    }


@command(tree, "list")
def list_all(ctx: typer.Context) -> None:
    """The people whom you may see, with their roles as far as you may see those."""
    session = session_of(ctx)
    people = session.client.get("/v1/users")["users"]
    session.screen.rows([bindings(one) for one in people] if session.screen.for_people else people, COLUMNS)
