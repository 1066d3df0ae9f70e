"""`models`: what may be called, in the context or in the place named."""

import typer

from rbacctl import lookup
from rbacctl.client import Client
from rbacctl.command import Tree, command
from rbacctl.commands.context import InProject
from rbacctl.commands.projects import InOrganization
from rbacctl.failure import Code, Failure
from rbacctl.session import Session, session_of

tree = typer.Typer(cls=Tree, help="Models.", no_args_is_help=True)
COLUMNS = {"ID": "id", "Owned By": "owned_by", "Created At": "created_at"}


@command(tree, "list")
def list_all(ctx: typer.Context, organization: InOrganization = None, project: InProject = None) -> None:
    """The models that may be called in the context, or in the place named; without either, all that you may use."""
    session = session_of(ctx)
    try:
        found = client_in(session, organization, project).get("/v1/models")["data"]
    except Failure as failure:
        if failure.code != Code.NOT_FOUND or organization or project:
            raise
        raise Failure(f"{failure} The context is out of date: rbacctl context set", failure.code) from None
    shown = [{**one, "created_at": one["created"]} for one in found] if session.screen.for_people else found
    session.screen.rows(shown, COLUMNS)


def client_in(session: Session, organization: str | None, project: str | None) -> Client:
    """A client that stands in the place named, else in the context."""
    if project:
        found = lookup.project(session, project, organization)
        return session.client_with(session.key, organization=found["organization_id"], project=found["id"])
    if organization:
        return session.client_with(session.key, organization=lookup.organization(session, organization)["id"])
    return session.client
