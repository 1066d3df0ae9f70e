"""From the names that people type to the ids that the server takes. A name that fits several is refused."""

from collections.abc import Iterable, Mapping
from typing import Any

import typer

from rbacctl.client import segment
from rbacctl.failure import Code, Failure
from rbacctl.session import Session

Row = dict[str, Any]


def either(argument: str | None, option: str | None, what: str = "TITLE") -> str:
    """A name that may stand alone or behind its option; exactly once."""
    if argument and option and argument != option:
        raise typer.BadParameter(f"{what} and its option name two different things.")
    found = argument or option
    if not found:
        raise typer.BadParameter(f"Missing: {what}.")
    return found


def optional(argument: str | None, option: str | None) -> str | None:
    """The same where the context can stand in."""
    return either(argument, option) if argument or option else None


def chosen(rows: Iterable[Mapping[str, Any]], name: str, what: str, *, ids: str = "id", names: str = "title") -> Row:
    """The row of that id, else of that name. Raises Failure for none and for several."""
    listed = [dict(row) for row in rows]
    found = [row for row in listed if row.get(ids) == name] or [row for row in listed if row.get(names) == name]
    if len(found) > 1:
        known = ", ".join(str(row.get(ids)) for row in found)
        raise Failure(f"'{name}' is the name of several: name the {what} by its id: {known}.", Code.USAGE)
    if not found:
        raise Failure(f"There is no {what} '{name}' that you may see.", Code.NOT_FOUND)
    return found[0]


def organizations(session: Session) -> list[Row]:
    found: list[Row] = session.client.get("/v1/organizations")["organizations"]
    return found


def organization(session: Session, name: str | None) -> Row:
    """The organization of that title or id; without one, that of the context, else the only one."""
    if name:
        return chosen(organizations(session), name, "organization")
    if known := session.context.get("organization"):
        return dict(known)
    listed = organizations(session)
    if len(listed) == 1:
        return listed[0]
    raise Failure("Which organization? Name one with --organization-title, or: rbacctl context set", Code.USAGE)


def projects(session: Session, owner: Row) -> list[Row]:
    found: list[Row] = session.client.get(f"/v1/organizations/{segment(owner['id'])}/projects")["projects"]
    return found


def project(session: Session, name: str | None, owner: str | None) -> Row:
    """The project of that title or id in an organization; without a name, that of the context."""
    if name:
        return chosen(projects(session, organization(session, owner)), name, "project")
    known = session.context.get("project")
    if known and not owner:
        return {**known, "organization_id": session.context["organization"]["id"]}
    raise Failure("Which project? Name one, or: rbacctl context set", Code.USAGE)


def path_of(project: Row) -> str:
    """Where a project lives."""
    return f"/v1/organizations/{segment(project['organization_id'])}/projects/{segment(project['id'])}"


def role(kind: str, word: str) -> str:
    """`owner` as the enum of the wire: `ORGANIZATION_ROLE_OWNER`. The server knows which there are."""
    prefix = f"{kind.upper()}_ROLE_"
    return prefix + word.upper().replace("-", "_").removeprefix(prefix)
