"""`teams`: people who share models, keys and a budget."""

from typing import Annotated, Any

import typer

from rbacctl import complete, lookup
from rbacctl.asking import Yes, sure
from rbacctl.command import Tree, command
from rbacctl.commands.organizations import Email
from rbacctl.commands.projects import InOrganization
from rbacctl.failure import Code, Failure
from rbacctl.pages import everything
from rbacctl.session import Session, session_of

tree = typer.Typer(cls=Tree, help="Teams and who belongs to them.", no_args_is_help=True)
COLUMNS = {
    "Name": "team_alias",
    "ID": "team_id",
    "Budget ($)": "max_budget",
    "Spend ($)": "spend",
    "Blocked": "blocked",
}
DETAILS = {**COLUMNS, "Models": "models", "RPM": "rpm_limit", "TPM": "tpm_limit", "Created At": "created_at"}
MEMBERS = {"User ID": "user_id", "E-mail": "user_email", "Role": "role"}
Team = Annotated[str, typer.Argument(help="The team's name or id.", autocompletion=complete.teams)]
ROLES = ("admin", "user")
Role = Annotated[str, typer.Option(help=" or ".join(ROLES), autocompletion=lambda: list(ROLES))]


def find(session: Session, name: str) -> dict[str, Any]:
    """The team of that name or id, with its members."""
    named = everything(session, "/v2/team/list", "teams", "Looking for the team", team_alias=name)
    try:
        return lookup.chosen(named, name, "team", ids="team_id", names="team_alias")
    except Failure as failure:
        if failure.code != Code.NOT_FOUND:
            raise
    info: dict[str, Any] = session.client.get("/team/info", team_id=name)["team_info"]
    return info


@command(tree, "create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    organization: InOrganization = None,
    models: Annotated[list[str] | None, typer.Option("--model", help="A model that it may use; repeatable.")] = None,
    max_budget: Annotated[float | None, typer.Option(help="US dollars.")] = None,
    budget_duration: Annotated[str | None, typer.Option(help="When the budget starts anew: 1d, 30d.")] = None,
) -> None:
    """Create a team in the organization named, or in that of the context."""
    session = session_of(ctx)
    body = {
        "team_alias": name,
        "organization_id": lookup.organization(session, organization)["id"],
        "models": models or None,
        "max_budget": max_budget,
        "budget_duration": budget_duration,
    }
    made = session.client.post("/team/new", body)
    session.screen.done(f'Created team "{made["team_alias"]}" ({made["team_id"]}).', made)


@command(tree, "list")
def list_all(ctx: typer.Context, organization: InOrganization = None) -> None:
    """The teams that you may see; of one organization when it is named."""
    session = session_of(ctx)
    within = lookup.organization(session, organization)["id"] if organization else None
    session.screen.rows(everything(session, "/v2/team/list", "teams", "Teams", organization_id=within), COLUMNS)


@command(tree, "get")
def get(ctx: typer.Context, name: Team) -> None:
    """One team."""
    session = session_of(ctx)
    session.screen.one(find(session, name), DETAILS)


@command(tree, "delete")
def delete(ctx: typer.Context, name: Team, yes: Yes = False) -> None:
    """Delete a team with its keys."""
    session = session_of(ctx)
    found = find(session, name)
    sure(f'Delete team "{found["team_alias"]}" with its keys?', yes)
    answer = session.client.post("/team/delete", {"team_ids": [found["team_id"]]})
    session.screen.done(f'Deleted team "{found["team_alias"]}".', answer)


@command(tree, "block")
def block(ctx: typer.Context, name: Team, yes: Yes = False) -> None:
    """Block a team: its keys open nothing until the block is lifted."""
    session = session_of(ctx)
    found = find(session, name)
    sure(f'Block team "{found["team_alias"]}"?', yes)
    answer = session.client.post("/team/block", {"team_id": found["team_id"]})
    session.screen.done(f'Blocked team "{found["team_alias"]}".', answer)


@command(tree, "unblock")
def unblock(ctx: typer.Context, name: Team) -> None:
    """Lift the block of a team."""
    session = session_of(ctx)
    found = find(session, name)
    answer = session.client.post("/team/unblock", {"team_id": found["team_id"]})
    session.screen.done(f'Team "{found["team_alias"]}" is no longer blocked.', answer)


@command(tree, "add-member")
def add_member(ctx: typer.Context, name: Team, email: Email, role: Role = "user") -> None:
    """Add a person to a team."""
    session = session_of(ctx)
    found = find(session, name)
    body = {"team_id": found["team_id"], "member": {"role": role, "user_email": email}}
    answer = session.client.post("/team/member_add", body)
    session.screen.done(f'Added {email} to team "{found["team_alias"]}" ({role}).', answer)


@command(tree, "update-member")
def update_member(ctx: typer.Context, name: Team, email: Email, role: Role) -> None:
    """Give a member of a team another role."""
    session = session_of(ctx)
    found = find(session, name)
    body = {"team_id": found["team_id"], "user_email": email, "role": role}
    answer = session.client.post("/team/member_update", body)
    session.screen.done(f'{email} is {role} of team "{found["team_alias"]}" now.', answer)


@command(tree, "list-members")
def list_members(ctx: typer.Context, name: Team) -> None:
    """Who belongs to a team, as far as you may see them."""
    session = session_of(ctx)
    session.screen.rows(find(session, name)["members_with_roles"], MEMBERS)


@command(tree, "remove-member")
def remove_member(ctx: typer.Context, name: Team, email: Email, yes: Yes = False) -> None:
    """Take a person out of a team; their keys in it end."""
    session = session_of(ctx)
    found = find(session, name)
    sure(f'Remove {email} from team "{found["team_alias"]}"?', yes)
    answer = session.client.post("/team/member_delete", {"team_id": found["team_id"], "user_email": email})
    session.screen.done(f'Removed {email} from team "{found["team_alias"]}".', answer)
