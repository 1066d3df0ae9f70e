"""`auth`: signing in, through the browser or with a key, and who one is then."""

import sys
from typing import Annotated, Any

import typer

from rbacctl import browser, files, lookup
from rbacctl.asking import secret
from rbacctl.command import Tree, command
from rbacctl.commands import api_keys, context, organizations
from rbacctl.commands.users import bindings
from rbacctl.failure import Code, Failure
from rbacctl.session import Session, address, session_of
from rbacctl.words import word

tree = typer.Typer(cls=Tree, help="Sign in, and your API keys.", no_args_is_help=True)
tree.add_typer(api_keys.tree, name="api-keys")
for name in ("organizations", "orgs"):  # as LLMariner's documentation spells it
    tree.add_typer(organizations.tree, name=name, hidden=True)
COLUMNS = {
    "Server": "server",
    "Signed in as": "user.id",
    "Key": "key.key_alias",
    "Key from": "key_from",
    "Ends": "key.expires",
    "Organizations": "organizations",
    "Projects": "projects",
}


@command(tree, "login")
def login(
    ctx: typer.Context,
    server: Annotated[str | None, typer.Option(help="The server's address; remembered.")] = None,
    with_key: Annotated[bool, typer.Option("--with-key", help="With a key, typed unseen or piped in.")] = False,
    key_file: Annotated[str | None, typer.Option(help="With a key from this file; - is standard input.")] = None,
    from_stdin: Annotated[bool, typer.Option("--api-key-stdin", help="The same as --key-file -.")] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser here; the page is named anyway.")] = False,
) -> None:
    """Sign in through the browser of any machine, or with a key. What comes of it is stored for you alone."""
    session = session_of(ctx)
    if server:
        session.named_server = address(server)
    given = {"--with-key": with_key, "--key-file": key_file is not None, "--api-key-stdin": from_stdin}
    if sum(given.values()) > 1:
        raise typer.BadParameter(f"One of these: {', '.join(name for name, named in given.items() if named)}.")
    before = files.key_for(session.server)
    if any(given.values()):
        key = secret("-" if from_stdin else key_file)
    else:
        key = through_browser(session, opens=not no_open)
    user = session.client_with(key).get("/v1/users:getSelf")  # in no context: who was here before chose that
    files.keep_key(session.server, key)
    session.keep(server=session.server, authority=session.authority)
    session.screen.done(
        f"Signed in to {session.server} as {word(user['id'])}.", {"server": session.server, "user": user}
    )
    after(session, before, key)
    if session.screen.for_people:
        begin(session, user)


def through_browser(session: Session, *, opens: bool) -> str:
    """The key that the server gives this machine once its person has typed the code."""
    session.warn_of_listeners()
    begun = browser.begin(session.site)
    browser.offer(session.screen, begun, opens=opens)
    return str(browser.wait(session.site, begun, session.screen)["access_token"])


def after(session: Session, before: str, key: str) -> None:
    """Sign out what was signed in here before, and say what would be used instead."""
    if before and before != key:
        try:
            browser.sign_out(session.site, before)
        except Failure as failure:  # signed in all the same; the old one is listed in the account
            session.screen.aside(f"The sign-in before this one was not ended: {failure}")
    if name := session.key_in_environment:
        session.screen.aside(f"{name} is set, and is used instead of this sign-in.")


def begin(session: Session, user: dict[str, Any]) -> None:
    """Choose the context where there is no choice; else say how."""
    places = [one["project_id"] for one in user["project_role_bindings"]]
    if session.context and still_there(session):
        return
    asks = sys.stdin.isatty()
    if len(places) != 1 and not asks:
        session.screen.aside("Choose the organization and project to work in: rbacctl context set")
        return
    only = user["project_role_bindings"][0] if len(places) == 1 else {}
    try:
        chosen = context.choice(session, only.get("organization_id"), only.get("project_id"))
    except Failure as failure:  # signed in all the same
        session.screen.aside(f"No context was chosen: {failure}")
        return
    session.keep(context=chosen)
    session.screen.aside(f"The context is {context.words(chosen)}.")


def still_there(session: Session) -> bool:
    """Whether the context that was chosen before is one that this person sees; else it is cleared."""
    ids = {kind: row["id"] for kind, row in session.context.items()}
    try:
        owner = lookup.organization(session, ids.get("organization"))
        if "project" in ids:
            lookup.project(session, ids["project"], owner["id"])
    except Failure as failure:
        if failure.code != Code.NOT_FOUND:
            raise
        session.keep(context={})
        return False
    return True


@command(tree, "logout")
def logout(ctx: typer.Context) -> None:
    """Sign out. A key that came from signing in through the browser is deleted on the server; others stay valid."""
    session = session_of(ctx)
    key, kept = files.key_for(session.server), ""
    try:
        ended = bool(key) and browser.sign_out(session.site, key)
    except Failure as failure:
        kept = f"It was not ended on the server, where your account lists it under Terminals: {failure}"
    files.keep_key(session.server, None)
    if kept:
        raise Failure(f"Forgot the key for {session.server}. {kept}", Code.LATER)
    told = "Signed out of" if ended else "Forgot the key for" if key else "Was not signed in to"
    rest = " The key itself stays valid: delete it where keys are, or rotate it." if key and not ended else ""
    session.screen.done(f"{told} {session.server}.{rest}", {"server": session.server, "key_deleted": ended})


def own_key(session: Session) -> dict[str, Any] | None:
    """What the key in use says of itself; None for a caller without one, such as the master key."""
    try:
        info: dict[str, Any] = session.client.get("/key/info")["info"]
    except Failure as failure:
        if failure.code == Code.LATER:
            raise
        return None
    return info


@command(tree, "status")
def status(ctx: typer.Context) -> None:
    """Who you are on which server; exit code 3 when you are nobody."""
    session = session_of(ctx)
    user = session.client.get("/v1/users:getSelf")
    found = {"server": session.server, "key_from": session.key_source, "key": own_key(session), "user": user}
    if session.screen.for_people:
        found.update({name: value for name, value in bindings(user).items() if name != "id"})
    session.screen.one(found, COLUMNS)
