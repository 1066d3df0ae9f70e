"""What a running LLMariner knows, through its API: lists without pages, roles as names of enums, masked secrets."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from importing.found import Found, FoundKey, FoundMember, FoundPerson, FoundScope
from importing.litellm.values import Say, mapping, rows, text
from importing.source import Source
from orgs.assignments import is_dns_label

Progress = Callable[[str, int, int], None]

ROLES = {
    "ORGANIZATION_ROLE_OWNER": "org_admin",
    "ORGANIZATION_ROLE_READER": "internal_user",
    "PROJECT_ROLE_OWNER": "owner",
    "PROJECT_ROLE_MEMBER": "member",
}
MACHINES = "system:serviceaccount:"  # what LLMariner calls the owners of service accounts' keys


def read(source: Source, progress: Progress) -> Found:
    """Everything that the key's owner sees: owners of all organizations see all. Raises SourceFailed."""
    found, people = Found(), dict[str, FoundPerson]()
    organizations = rows(mapping(source.get("/v1/organizations")).get("organizations"))
    for number, row in enumerate(organizations, start=1):
        ident = text(row.get("id"))
        where = f"/v1/organizations/{quote(ident, safe='')}"
        found.organizations.append(FoundScope("organization", ident, text(row.get("title")) or ident))
        members_of(source, f"{where}/users", "organization", ident, found, people)
        for project in rows(mapping(source.get(f"{where}/projects")).get("projects")):
            read_project(source, where, ident, project, found, people)
        progress("organizations", number, len(organizations))
    found.people = list(people.values())
    return found


def read_project(
    source: Source, where: str, home: str, row: Mapping[str, Any], found: Found, people: dict[str, FoundPerson]
) -> None:
    ident = text(row.get("id"))
    say = partial(found.report.note, "project", ident)
    values = {"assignments": assignments(row, say)}
    if namespace := text(row.get("kubernetes_namespace")):
        if is_dns_label(namespace):
            values["kubernetes_namespace"] = namespace  # type: ignore[assignment]
        else:
            say(f"kubernetes_namespace: '{namespace}' is no DNS label; left out.")
    found.projects.append(FoundScope("project", ident, text(row.get("title")) or ident, home, values=values))
    at = f"{where}/projects/{quote(ident, safe='')}"
    members_of(source, f"{at}/users", "project", ident, found, people)
    for key in rows(mapping(source.get(f"{at}/api_keys")).get("data")):
        found.keys.append(key_of(key, home, ident))


def assignments(row: Mapping[str, Any], say: Say) -> list[dict[str, Any]]:
    """Where the project's jobs run, without the empty texts that stand for nothing."""
    found = []
    for one in rows(row.get("assignments")):
        entry: dict[str, Any] = {
            name: text(one.get(name)) for name in ("namespace", "cluster_id", "kueue_queue_name") if text(one.get(name))
        }
        labels = [
            {name: text(label.get(name)) for name in ("key", "value")} for label in rows(one.get("node_selector"))
        ]
        if labels:
            entry["node_selector"] = labels
        if is_dns_label(entry.get("namespace", "")):
            found.append(entry)
        else:
            say("an assignment without a namespace is left out.")
    return found


def members_of(source: Source, path: str, kind: str, scope: str, found: Found, people: dict[str, FoundPerson]) -> None:
    """The people of an organization or project: their e-mail is their id there."""
    for row in rows(mapping(source.get(path)).get("users")):
        ident = text(row.get("user_id")).lower()
        if ident.startswith(MACHINES):
            continue  # comes with its key
        where, word = f"{ident or '?'} of {kind} {scope}", text(row.get("role"))
        if "@" not in ident:
            found.report.leave_out("member", where, "is known by no e-mail address.")
        elif word not in ROLES:
            found.report.leave_out("member", where, f"the role '{word}' is for LLMariner's own components.")
        else:
            people.setdefault(ident, FoundPerson(ident, ident, "internal_user", ident))
            found.members.append(FoundMember(ident, kind, scope, ROLES[word]))


def key_of(row: Mapping[str, Any], organization: str, project: str) -> FoundKey:
    """A key. LLMariner tells neither its secret nor a hash of it."""
    owner = mapping(row.get("user"))
    machine = owner.get("is_service_account") is True
    return FoundKey(
        ident=text(row.get("id")),
        public_id=f"imported-{text(row.get('id'))}",
        alias=text(row.get("name")),
        hint="",
        owner="" if machine else text(owner.get("id")).lower(),
        project=project,
        service=machine,
        values={"excluded_from_rate_limiting": True} if row.get("excluded_from_rate_limiting") is True else {},
    )
