"""`admin projects`: in the organization named, else in that of the context."""

import re
from typing import Annotated, Any

import typer

from rbacctl import complete, lookup
from rbacctl.asking import Yes, sure
from rbacctl.client import segment
from rbacctl.command import Tree, command
from rbacctl.commands.organizations import MEMBERS, Email
from rbacctl.session import session_of

tree = typer.Typer(cls=Tree, help="Projects and who belongs to them.", no_args_is_help=True)
COLUMNS = {"Title": "title", "ID": "id", "Namespace": "kubernetes_namespace", "Created At": "created_at"}
Title = Annotated[
    str | None, typer.Argument(help="The project's title or id.", metavar="TITLE", autocompletion=complete.projects)
]
TitleOption = Annotated[str | None, typer.Option("--title", help="The same, as an option.")]
InOrganization = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--organization-title",
        help="The organization's title or id, if not that of the context.",
        autocompletion=complete.organizations,
    ),
]
Namespace = Annotated[str | None, typer.Option("-n", "--kubernetes-namespace", help="Where the project's jobs run.")]
Selector = Annotated[list[str] | None, typer.Option("--node-selector", help="A label that nodes must have: key=value.")]
ROLES = ("owner", "member")
Role = Annotated[str, typer.Option(help=" or ".join(ROLES), autocompletion=lambda: list(ROLES))]


def label(title: str) -> str:
    """A title as a DNS label, for the namespace: `My Project` -> `my-project`."""
    found = re.sub(r"[^a-z0-9]+", "-", title.lower())[:63].strip("-")
    if not found:
        raise typer.BadParameter("This title makes no namespace: name one with --kubernetes-namespace.")
    return found


def labels(texts: list[str]) -> list[dict[str, str]]:
    """`key=value` as the wire has it."""
    parts = [text.partition("=") for text in texts]
    if wrong := next((text for text, (key, sign, _) in zip(texts, parts, strict=True) if not key or not sign), None):
        raise typer.BadParameter(f"'{wrong}' is not key=value.")
    return [{"key": key, "value": value} for key, _, value in parts]


def assignments(project: dict[str, Any], namespace: str | None, selector: list[str] | None) -> list[dict[str, Any]]:
    """The project's assignments with the one for all clusters changed; what is not named is kept."""
    kept = [dict(one) for one in project.get("assignments", ())]
    found = next((one for one in kept if not one.get("cluster_id")), None)
    if found is None:
        found = {"namespace": namespace or ""}
        kept.append(found)
    if namespace:
        found["namespace"] = namespace
    if selector:
        found["node_selector"] = labels(selector)
    if not found["namespace"]:
        raise typer.BadParameter("--node-selector needs a --kubernetes-namespace: the project has none.")
    return kept


@command(tree, "create")
def create(
    ctx: typer.Context,
    title: Title = None,
    title_option: TitleOption = None,
    organization: InOrganization = None,
    namespace: Namespace = None,
    selector: Selector = None,
) -> None:
    """Create a project. Without a namespace, it gets the one that its title makes."""
    session, name = session_of(ctx), lookup.either(title, title_option)
    namespace = namespace or label(name)
    body: dict[str, Any] = {"title": name, "kubernetes_namespace": namespace}
    if selector:
        body = {"title": name, "assignments": assignments({}, namespace, selector)}
    owner = lookup.organization(session, organization)
    made = session.client.post(f"/v1/organizations/{segment(owner['id'])}/projects", body)
    sentence = f'Created project "{made["title"]}" ({made["id"]}) with namespace {made["kubernetes_namespace"]}.'
    session.screen.done(sentence, made)


@command(tree, "list")
def list_all(ctx: typer.Context, organization: InOrganization = None) -> None:
    """The projects that you may see."""
    session = session_of(ctx)
    session.screen.rows(lookup.projects(session, lookup.organization(session, organization)), COLUMNS)


@command(tree, "get")
def get(
    ctx: typer.Context, title: Title = None, title_option: TitleOption = None, organization: InOrganization = None
) -> None:
    """One project."""
    session = session_of(ctx)
    session.screen.one(lookup.project(session, lookup.either(title, title_option), organization), COLUMNS)


@command(tree, "update")
def update(
    ctx: typer.Context,
    title: Title = None,
    title_option: TitleOption = None,
    organization: InOrganization = None,
    new_title: Annotated[str | None, typer.Option(help="What it is called from now on.")] = None,
    namespace: Namespace = None,
    selector: Selector = None,
) -> None:
    """Change a project: what is not named is kept."""
    session = session_of(ctx)
    name = lookup.either(title, title_option)
    found = lookup.project(session, name, organization)
    changes: dict[str, Any] = {"title": new_title} if new_title else {}
    if namespace or selector:
        changes["assignments"] = assignments(found, namespace, selector)
    if not changes:
        raise typer.BadParameter("Name what to change: --new-title, --kubernetes-namespace or --node-selector.")
    answer = session.client.patch(lookup.path_of(found), {"project": changes, "update_mask": ",".join(changes)})
    session.screen.done(f'Updated project "{answer["title"]}" ({answer["id"]}).', answer)


@command(tree, "delete")
def delete(
    ctx: typer.Context,
    title: Title = None,
    title_option: TitleOption = None,
    organization: InOrganization = None,
    yes: Yes = False,
) -> None:
    """Delete a project with its keys."""
    session = session_of(ctx)
    found = lookup.project(session, lookup.either(title, title_option), organization)
    sure(f'Delete project "{found["title"]}" with its keys?', yes)
    session.screen.done(f'Deleted project "{found["title"]}".', session.client.delete(lookup.path_of(found)))


@command(tree, "add-member")
def add_member(
    ctx: typer.Context,
    email: Email,
    role: Role,
    title: Title = None,
    title_option: TitleOption = None,
    organization: InOrganization = None,
) -> None:
    """Add a person of the organization to a project."""
    session = session_of(ctx)
    found = lookup.project(session, lookup.either(title, title_option), organization)
    body = {"user_id": email, "role": lookup.role("project", role)}
    answer = session.client.post(f"{lookup.path_of(found)}/users", body)
    session.screen.done(f'Added {answer["user_id"]} to project "{found["title"]}" ({answer["role"]}).', answer)


@command(tree, "list-members")
def list_members(
    ctx: typer.Context, title: Title = None, title_option: TitleOption = None, organization: InOrganization = None
) -> None:
    """Who belongs to a project, and as what; of the context's when none is named."""
    session = session_of(ctx)
    found = lookup.project(session, lookup.optional(title, title_option), organization)
    session.screen.rows(session.client.get(f"{lookup.path_of(found)}/users")["users"], MEMBERS)


@command(tree, "remove-member")
def remove_member(
    ctx: typer.Context,
    email: Email,
    title: Title = None,
    title_option: TitleOption = None,
    organization: InOrganization = None,
    yes: Yes = False,
) -> None:
    """Take a person out of a project; their keys in it end."""
    session = session_of(ctx)
    found = lookup.project(session, lookup.either(title, title_option), organization)
    sure(f'Remove {email} from project "{found["title"]}"?', yes)
    answer = session.client.delete(f"{lookup.path_of(found)}/users/{segment(email)}")
    session.screen.done(f'Removed {email} from project "{found["title"]}".', answer)
