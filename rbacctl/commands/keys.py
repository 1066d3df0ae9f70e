"""`keys`: virtual keys with their limits, wherever they belong. `auth api-keys` are those of projects only."""

from pathlib import Path
from typing import Annotated, Any

import typer

from rbacctl import complete, lookup
from rbacctl.asking import SecretFile, Yes, free, handed_over, sure
from rbacctl.command import Tree, command
from rbacctl.commands import teams
from rbacctl.commands.projects import InOrganization
from rbacctl.failure import Code, Failure
from rbacctl.pages import everything
from rbacctl.session import Session, session_of

tree = typer.Typer(cls=Tree, help="Virtual keys.", no_args_is_help=True)
COLUMNS = {
    "Name": "key_alias",
    "Key": "key_name",
    "Owner": "user_id",
    "Team": "team_alias",
    "Budget ($)": "max_budget",
    "Spend ($)": "spend",
    "Expires": "expires",
    "Blocked": "blocked",
}
DETAILS = {
    "ID": "token",
    **COLUMNS,
    "Project": "project_id",
    "Organization": "organization_id",
    "Models": "models",
    "RPM": "rpm_limit",
    "TPM": "tpm_limit",
    "Created At": "created_at",
}
Key = Annotated[
    str, typer.Argument(help="The key's name or id (its hash); never its secret.", autocompletion=complete.keys)
]
Team = Annotated[str | None, typer.Option("--team", help="The team's name or id.", autocompletion=complete.teams)]
Project = Annotated[
    str | None,
    typer.Option("-p", "--project-title", help="The project's title or id.", autocompletion=complete.projects),
]


def place(session: Session, organization: str | None, project: str | None, team: str | None) -> dict[str, Any]:
    """The ids of the team or project that were named."""
    if team and project:
        raise typer.BadParameter("Name a team or a project, not both.")
    if team:
        return {"team_id": teams.find(session, team)["team_id"]}
    if project:
        return {"project_id": lookup.project(session, project, organization)["id"]}
    return {"organization_id": lookup.organization(session, organization)["id"]} if organization else {}


def rows(session: Session, **query: Any) -> list[dict[str, Any]]:
    return everything(session, "/key/list", "keys", "Keys", size="size", return_full_object="true", **query)


def find(session: Session, name: str) -> dict[str, Any]:
    """The key of that name, else of that id."""
    named = rows(session, key_alias=name) or rows(session, key_hash=name)
    if len(named) > 1:
        known = ", ".join(row["token"] for row in named)
        raise Failure(f"'{name}' is the name of several: name the key by its id: {known}.", Code.USAGE)
    if not named:
        raise Failure(f"There is no key '{name}' that you may see.", Code.NOT_FOUND)
    return named[0]


def label(row: dict[str, Any]) -> str:
    """What a key is called; one without a name by its last letters."""
    return str(row["key_alias"] or row["key_name"])


@command(tree, "create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    team: Team = None,
    project: Project = None,
    organization: InOrganization = None,
    user: Annotated[str | None, typer.Option("--user", help="Whose key it is, by e-mail; else yours.")] = None,
    service_account: Annotated[bool, typer.Option("--service-account", help="The key belongs to no person.")] = False,
    models: Annotated[list[str] | None, typer.Option("--model", help="A model that it may call; repeatable.")] = None,
    max_budget: Annotated[float | None, typer.Option(help="US dollars.")] = None,
    duration: Annotated[str | None, typer.Option(help="How long it lives: 30d.")] = None,
    secret_file: SecretFile = None,
) -> None:
    """Create a key, in a team or project or by itself. Its secret is shown this once."""
    session = session_of(ctx)
    if user and service_account:
        raise typer.BadParameter("A service account belongs to no person.")
    free(secret_file)
    body = {
        "key_alias": name,
        "user_id": user,
        "models": models or None,
        "max_budget": max_budget,
        "duration": duration,
        **place(session, organization, project, team),
    }
    made = session.client.post("/key/service-account/generate" if service_account else "/key/generate", body)
    handed_over(session, f'Created key "{made["key_alias"]}" ({made["key_name"]}).', made, "key", secret_file)


@command(tree, "list")
def list_all(
    ctx: typer.Context, team: Team = None, project: Project = None, organization: InOrganization = None
) -> None:
    """The keys that you may list; of one team, project or organization when it is named."""
    session = session_of(ctx)
    session.screen.rows(rows(session, **place(session, organization, project, team)), COLUMNS)


@command(tree, "get")
def get(ctx: typer.Context, name: Key) -> None:
    """One key."""
    session = session_of(ctx)
    session.screen.one(find(session, name), DETAILS)


@command(tree, "rotate")
def rotate(
    ctx: typer.Context,
    name: Key,
    grace_period: Annotated[str | None, typer.Option(help="For how long the old secret still works: 1h.")] = None,
    secret_file: SecretFile = None,
    yes: Yes = False,
) -> None:
    """Give a key a new secret; it is shown this once. Without a grace period the old one ends at once."""
    session = session_of(ctx)
    free(secret_file)
    found = find(session, name)
    if not grace_period:
        sure(f'Rotate key "{label(found)}"? What uses the old secret stops working at once.', yes)
    made = session.client.post("/key/regenerate", {"key": found["token"], "grace_period": grace_period})
    handed_over(session, f'Rotated key "{label(found)}" ({made["key_name"]}).', made, "key", secret_file)


@command(tree, "block")
def block(ctx: typer.Context, name: Key, yes: Yes = False) -> None:
    """Block a key."""
    session = session_of(ctx)
    found = find(session, name)
    sure(f'Block key "{label(found)}"?', yes)
    answer = session.client.post("/key/block", {"key": found["token"]})
    session.screen.done(f'Blocked key "{label(found)}".', answer)


@command(tree, "unblock")
def unblock(ctx: typer.Context, name: Key) -> None:
    """Lift the block of a key."""
    session = session_of(ctx)
    found = find(session, name)
    answer = session.client.post("/key/unblock", {"key": found["token"]})
    session.screen.done(f'Key "{label(found)}" is no longer blocked.', answer)


@command(tree, "delete")
def delete(
    ctx: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Names or ids; never secrets.", metavar="NAME...")] = None,
    file: Annotated[Path | None, typer.Option("--from", help="Read the names from this file, one a line.")] = None,
    yes: Yes = False,
) -> None:
    """Delete keys: all of them or none."""
    session = session_of(ctx)
    named = [*(names or ()), *(read_names(file) if file else ())]
    if not named:
        raise typer.BadParameter("Missing: NAME...")
    found = [find(session, name) for name in session.screen.each("Looking for the keys", named)]
    labels = ", ".join(f'"{label(row)}"' for row in found[:10])
    more = f" and {len(found) - 10} more" if len(found) > 10 else ""
    sure(f"Delete {labels}{more}?", yes)
    answer = session.client.post("/key/delete", {"keys": [row["token"] for row in found]})
    session.screen.done(f"Deleted {labels}{more}.", answer)


def read_names(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text().splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file} cannot be read ({type(error).__name__}).", Code.USAGE) from None
