"""`models`: what may be called."""

import typer

from rbacctl.command import command
from rbacctl.session import session_of

tree = typer.Typer(help="Models.", no_args_is_help=True)
COLUMNS = {"ID": "id", "Owned By": "owned_by", "Created At": "created_at"}


@command(tree, "list")
def list_all(ctx: typer.Context) -> None:
    """The models that you may use; the request names the context."""
    session = session_of(ctx)
    found = session.client.get("/v1/models")["data"]
    shown = [{**one, "created_at": one["created"]} for one in found] if session.screen.for_people else found
    session.screen.rows(shown, COLUMNS)
