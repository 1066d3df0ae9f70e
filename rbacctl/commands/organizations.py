"""`admin organizations`: make them, list them, say who belongs."""

from typing import Annotated

import typer

from rbacctl import complete, lookup
from rbacctl.asking import Yes, sure
from rbacctl.client import segment
from rbacctl.command import Tree, command
from rbacctl.session import session_of

tree = typer.Typer(cls=Tree, help="Organizations and who belongs to them.", no_args_is_help=True)
COLUMNS = {"Title": "title", "ID": "id", "Created At": "created_at"}
MEMBERS = {"User ID": "user_id", "Role": "role"}
Title = Annotated[
    str | None,
    typer.Argument(help="The organization's title or id.", metavar="TITLE", autocompletion=complete.organizations),
]
TitleOption = Annotated[str | None, typer.Option("--title", help="The same, as an option.")]
Email = Annotated[str, typer.Option(help="The person's e-mail address.")]
ROLES = ("owner", "reader")
Role = Annotated[str, typer.Option(help=" or ".join(ROLES), autocompletion=lambda: list(ROLES))]


@command(tree, "create")
def create(ctx: typer.Context, title: Title = None, title_option: TitleOption = None) -> None:
    """Create an organization. You become its owner."""
    session, name = session_of(ctx), lookup.either(title, title_option)
    made = session.client.post("/v1/organizations", {"title": name})
    session.screen.done(f'Created organization "{made["title"]}" ({made["id"]}).', made)


@command(tree, "list")
def list_all(ctx: typer.Context) -> None:
    """The organizations that you may see."""
    session = session_of(ctx)
    session.screen.rows(lookup.organizations(session), COLUMNS)


@command(tree, "get")
def get(ctx: typer.Context, title: Title = None, title_option: TitleOption = None) -> None:
    """One organization."""
    session = session_of(ctx)
    session.screen.one(lookup.organization(session, lookup.either(title, title_option)), COLUMNS)


@command(tree, "delete")
def delete(ctx: typer.Context, title: Title = None, title_option: TitleOption = None, yes: Yes = False) -> None:
    """Delete an organization without projects."""
    session = session_of(ctx)
    found = lookup.organization(session, lookup.either(title, title_option))
    sure(f'Delete organization "{found["title"]}"?', yes)
    answer = session.client.delete(f"/v1/organizations/{segment(found['id'])}")
    session.screen.done(f'Deleted organization "{found["title"]}".', answer)


@command(tree, "add-member")
def add_member(
    ctx: typer.Context, email: Email, role: Role, title: Title = None, title_option: TitleOption = None
) -> None:
    """Add a person to an organization."""
    session = session_of(ctx)
    found = lookup.organization(session, lookup.either(title, title_option))
    body = {"user_id": email, "role": lookup.role("organization", role)}
    answer = session.client.post(f"/v1/organizations/{segment(found['id'])}/users", body)
    session.screen.done(f'Added {answer["user_id"]} to organization "{found["title"]}" ({answer["role"]}).', answer)


@command(tree, "list-members")
def list_members(ctx: typer.Context, title: Title = None, title_option: TitleOption = None) -> None:
    """Who belongs to an organization, and as what."""
    session = session_of(ctx)
    found = lookup.organization(session, lookup.either(title, title_option))
    session.screen.rows(session.client.get(f"/v1/organizations/{segment(found['id'])}/users")["users"], MEMBERS)


@command(tree, "remove-member")
def remove_member(
    ctx: typer.Context, email: Email, title: Title = None, title_option: TitleOption = None, yes: Yes = False
) -> None:
    """Take a person out of an organization and of its projects; their keys there end."""
    session = session_of(ctx)
    found = lookup.organization(session, lookup.either(title, title_option))
    sure(f'Remove {email} from organization "{found["title"]}"?', yes)
    answer = session.client.delete(f"/v1/organizations/{segment(found['id'])}/users/{segment(email)}")
    session.screen.done(f'Removed {email} from organization "{found["title"]}".', answer)
