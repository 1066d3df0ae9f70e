"""`auth`: signing in with a key, and who one is then."""

from typing import Annotated, Any

import typer

from rbacctl import files
from rbacctl.asking import secret
from rbacctl.command import command
from rbacctl.commands import api_keys, context, organizations
from rbacctl.commands.users import bindings
from rbacctl.failure import Failure
from rbacctl.session import Session, address, session_of

tree = typer.Typer(help="Sign in, and your API keys.", no_args_is_help=True)
tree.add_typer(api_keys.tree, name="api-keys")
for name in ("organizations", "orgs"):  # as LLMariner's documentation spells it
    tree.add_typer(organizations.tree, name=name, hidden=True)
COLUMNS = {
    "Server": "server",
    "Signed in as": "user.id",
    "Key from": "key_from",
    "Organizations": "organizations",
    "Projects": "projects",
}


@command(tree, "login")
def login(
    ctx: typer.Context,
    server: Annotated[str | None, typer.Option(help="The server's address; remembered.")] = None,
    key_file: Annotated[str | None, typer.Option(help="Read the key from this file; - is standard input.")] = None,
    no_open: Annotated[bool, typer.Option("--no-open", hidden=True)] = False,
) -> None:
    """Sign in with a key, typed unseen, piped in or read from a file. It is stored for you alone."""
    session = session_of(ctx)
    if server:
        session.named_server = address(server)
    key = secret(key_file)
    user = session.client_with(key).get("/v1/users:getSelf")
    files.keep_key(session.server, key)
    session.keep(server=session.server)
    session.screen.done(f"Signed in to {session.server} as {user['id']}.", {"server": session.server, "user": user})
    if session.screen.for_people:
        begin(session, user)


def begin(session: Session, user: dict[str, Any]) -> None:
    """Choose the context where there is no choice; else say how."""
    places = [one["project_id"] for one in user["project_role_bindings"]]
    if session.context:
        return
    if len(places) != 1:
        session.screen.aside("Choose the organization and project to work in: rbacctl context set")
        return
    one = user["project_role_bindings"][0]
    try:
        chosen = context.choice(session, one["organization_id"], one["project_id"])
    except Failure as failure:  # signed in all the same
        session.screen.aside(f"No context was chosen: {failure}")
        return
    session.keep(context=chosen)
    session.screen.aside(f'The context is project "{chosen["project"]["title"]}".')


@command(tree, "logout")
def logout(ctx: typer.Context) -> None:
    """Forget the key of this server. It stays valid: delete or rotate it to end it."""
    session = session_of(ctx)
    files.keep_key(session.server, None)
    session.screen.done(f"Forgot the key for {session.server}.", {"server": session.server})


@command(tree, "status")
def status(ctx: typer.Context) -> None:
    """Who you are on which server; exit code 3 when you are nobody."""
    session = session_of(ctx)
    user = session.client.get("/v1/users:getSelf")
    found = {"server": session.server, "key_from": session.key_source, "user": user}
    if session.screen.for_people:
        found.update({name: value for name, value in bindings(user).items() if name != "id"})
    session.screen.one(found, COLUMNS)
