"""`auth api-keys`: the keys of a project, as LLMariner has them."""

from typing import Annotated, Any

import typer

from rbacctl import lookup
from rbacctl.asking import SecretFile, Yes, free, handed_over, sure
from rbacctl.client import segment
from rbacctl.command import Tree, command
from rbacctl.commands.context import InProject
from rbacctl.commands.projects import InOrganization
from rbacctl.session import Session, session_of

tree = typer.Typer(cls=Tree, help="API keys in projects.", no_args_is_help=True)
COLUMNS = {
    "Name": "name",
    "Owner": "user.id",
    "Project": "project.title",
    "Created At": "created_at",
    "Secret": "secret",
}
Name = Annotated[str, typer.Argument(help="The key's name or id; never its secret.")]


def keys_path(session: Session, organization: str | None, project: str | None) -> str:
    """The keys of the project named or chosen; without either, all that the caller may see."""
    if not (organization or project or session.context.get("project")):
        return "/v1/api_keys"
    return f"{lookup.path_of(lookup.project(session, project, organization))}/api_keys"


def find(session: Session, name: str, organization: str | None, project: str | None) -> dict[str, Any]:
    listed = session.client.get(keys_path(session, organization, project))["data"]
    return lookup.chosen(listed, name, "key", names="name")


@command(tree, "create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The key's name.")],
    organization: InOrganization = None,
    project: InProject = None,
    service_account: Annotated[bool, typer.Option("--service-account", help="The key belongs to no person.")] = False,
    role: Annotated[str | None, typer.Option(help="Of a service account, in the organization: reader.")] = None,
    secret_file: SecretFile = None,
) -> None:
    """Create a key in the project named, or in that of the context. Its secret is shown this once."""
    session = session_of(ctx)
    if role and not service_account:
        raise typer.BadParameter("--role goes with --service-account.")
    free(secret_file)
    body = {
        "name": name,
        "is_service_account": service_account,
        "role": lookup.role("organization", role or "reader") if service_account else None,
    }
    made = session.client.post(f"{lookup.path_of(lookup.project(session, project, organization))}/api_keys", body)
    sentence = f'Created key "{made["name"]}" ({made["id"]}) in project "{made["project"]["title"]}".'
    handed_over(session, sentence, made, "secret", secret_file)


@command(tree, "list")
def list_all(ctx: typer.Context, organization: InOrganization = None, project: InProject = None) -> None:
    """The keys that you may see; secrets are masked."""
    session = session_of(ctx)
    session.screen.rows(session.client.get(keys_path(session, organization, project))["data"], COLUMNS)


@command(tree, "update")
def update(
    ctx: typer.Context,
    name: Name,
    new_name: Annotated[str, typer.Option(help="What it is called from now on.")],
    organization: InOrganization = None,
    project: InProject = None,
) -> None:
    """Rename a key."""
    session = session_of(ctx)
    found = find(session, name, organization, project)
    body = {"api_key": {"name": new_name}, "update_mask": "name"}
    answer = session.client.patch(f"/v1/api_keys/{segment(found['id'])}", body)
    session.screen.done(f'Key "{found["name"]}" is "{answer["name"]}" now.', answer)


@command(tree, "delete")
def delete(
    ctx: typer.Context, name: Name, organization: InOrganization = None, project: InProject = None, yes: Yes = False
) -> None:
    """Delete a key; what uses it stops working at once."""
    session = session_of(ctx)
    found = find(session, name, organization, project)
    sure(f'Delete key "{found["name"]}"?', yes)
    answer = session.client.delete(f"/v1/api_keys/{segment(found['id'])}")
    session.screen.done(f'Deleted key "{found["name"]}".', answer)
