"""Rows of the matrix through two other doors: OpenAI's administration API, and LLMariner's."""

from typing import Any

from tests.matrix import objects
from tests.matrix.calls import IN_ORGANIZATION, IN_PROJECT, IN_TEAM, NO_OBJECT, PROJECT_KEY, Call, Cell
from tests.matrix.sharing import in_organization

HOME, PROJECTS, GROUPS = "/v1/organization", "/v1/organization/projects", "/v1/organization/groups"
OF_PROJECT = "/v1/projects/{id}"
ORGANIZATIONS = "/v1/organizations"
INSIDE = f"{ORGANIZATIONS}/{{home}}/projects"
LEADER = "role-api-project-owner"

ORGANIZATION: dict[str, Any] = {"own": objects.organization, "foreign": objects.foreign_organization}
PROJECT: dict[str, Any] = {"own": objects.project, "foreign": objects.foreign_project, "denied": IN_PROJECT}
TEAM: dict[str, Any] = {"own": objects.team, "foreign": objects.foreign_team, "denied": IN_TEAM}
KEY: dict[str, Any] = {
    "own": objects.project_key, "foreign": objects.foreign_project_key, "denied": PROJECT_KEY
}  # fmt: skip


def openai(method: str, path: str, body: Any = None, **more: Any) -> Call:
    """A call in the organization of what it is about."""
    return Call(method, path, body if callable(body) else lambda cell: body or {}, headers=in_organization, **more)


def llmariner(method: str, path: str, body: Any = None, **more: Any) -> Call:
    return Call(method, path, body if callable(body) else lambda cell: body or {}, **more)


def reader(cell: Cell) -> dict[str, Any]:
    return {"user_id": cell.side.reader.email, "role": "member"}


DOORS: dict[str, dict[str, tuple[Call, ...]]] = {
    "openai": {
        "PRJ-01": (
            openai("POST", PROJECTS, {"name": "newly planned"}, denied=IN_ORGANIZATION, event="project.created",
                   **ORGANIZATION),
        ),
        "PRJ-02": (openai("GET", f"{PROJECTS}/{{id}}", **PROJECT),),
        "PRJ-04": (openai("POST", f"{PROJECTS}/{{id}}", {"name": "renamed"}, event="project.updated", **PROJECT),),
        "PRJ-05": (
            openai("POST", f"{PROJECTS}/{{id}}/model_permissions", {"mode": "allow_list", "model_ids": ["gpt-4o"]},
                   event="project.updated", **PROJECT),
        ),
        "PRJ-06": (openai("POST", f"{PROJECTS}/{{id}}/archive", event="project.deleted", **PROJECT),),
        "PRJ-07": (
            openai("POST", f"{PROJECTS}/{{id}}/rate_limits/rl-gpt-4o", {"max_requests_per_1_minute": 5},
                   event="project.updated", **PROJECT),
        ),
        "PRM-01": (openai("GET", f"{PROJECTS}/{{id}}/users", **PROJECT),),
        "PRM-02": (openai("POST", f"{PROJECTS}/{{id}}/users", reader, event="member.added", **PROJECT),),
        "PRM-03": (
            openai("POST", f"{PROJECTS}/{{id}}/users", lambda cell: {**reader(cell), "role": "owner"},
                   event="member.added", **PROJECT),
        ),
        "PRM-04": (
            openai("POST", f"{PROJECTS}/{{id}}/users/{{colleague}}", {"role": "owner"}, event="member.updated",
                   **PROJECT),
            openai("POST", f"{OF_PROJECT}/users/{{colleague}}/roles", {"role_id": LEADER}, event="member.updated",
                   **PROJECT),
        ),
        "PRM-05": (
            openai("DELETE", f"{PROJECTS}/{{id}}/users/{{colleague}}", event="member.removed", **PROJECT),
        ),
        "KEY-35": (
            openai("POST", f"{PROJECTS}/{{id}}/service_accounts", {"name": "robot"}, event="key.generated",
                   **PROJECT),
        ),
        "KEY-34": (
            openai("DELETE", f"{PROJECTS}/{{project}}/api_keys/{{id}}", event="key.deleted", **KEY),
        ),
        "TEA-01": (
            openai("POST", GROUPS, {"name": "newly formed"}, denied=IN_ORGANIZATION, event="team.created",
                   **ORGANIZATION),
        ),
        "TEA-03": (openai("GET", f"{GROUPS}/{{id}}", **TEAM),),
        "TEA-05": (openai("POST", f"{GROUPS}/{{id}}", {"name": "renamed"}, event="team.updated", **TEAM),),
        "TEA-14": (openai("DELETE", f"{GROUPS}/{{id}}", event="team.deleted", **TEAM),),
        "TEM-01": (openai("GET", f"{GROUPS}/{{id}}/users", **TEAM),),
        "TEM-02": (
            openai("POST", f"{GROUPS}/{{id}}/users", {"user_id": "newcomer@example.com"}, event="member.added",
                   **TEAM),
        ),
        "ORM-02": (
            openai("POST", f"{HOME}/invites", {"email": "newcomer@example.com", "role": "reader"},
                   denied=IN_ORGANIZATION, event="member.added", **ORGANIZATION),
        ),
        "ORM-03": (
            openai("POST", f"{HOME}/invites", {"email": "newcomer@example.com", "role": "owner"},
                   denied=IN_ORGANIZATION, event="member.added", **ORGANIZATION),
        ),
    },
    "llmariner": {
        "ORG-01": (llmariner("POST", ORGANIZATIONS, {"title": "newly founded"}, denied=NO_OBJECT,
                             event="organization.created"),),
        "ORM-02": (
            llmariner("POST", f"{ORGANIZATIONS}/{{id}}/users",
                      {"user_id": "newcomer@example.com", "role": "ORGANIZATION_ROLE_READER"},
                      denied=IN_ORGANIZATION, event="member.added", **ORGANIZATION),
        ),
        "ORM-03": (
            llmariner("POST", f"{ORGANIZATIONS}/{{id}}/users",
                      {"user_id": "newcomer@example.com", "role": "ORGANIZATION_ROLE_OWNER"},
                      denied=IN_ORGANIZATION, event="member.added", **ORGANIZATION),
        ),
        "ORM-06": (
            llmariner("DELETE", f"{ORGANIZATIONS}/{{id}}/users/{{colleague}}", denied=IN_ORGANIZATION,
                      event="member.removed", **ORGANIZATION),
        ),
        "PRJ-01": (
            llmariner("POST", f"{ORGANIZATIONS}/{{id}}/projects",
                      {"title": "newly planned", "kubernetes_namespace": "planned"}, denied=IN_ORGANIZATION,
                      event="project.created", **ORGANIZATION),
        ),
        "PRJ-04": (
            llmariner("PATCH", f"{INSIDE}/{{id}}", {"project": {"title": "renamed"}, "update_mask": "title"},
                      event="project.updated", **PROJECT),
        ),
        "PRJ-06": (llmariner("DELETE", f"{INSIDE}/{{id}}", event="project.deleted", **PROJECT),),
        "PRM-02": (
            llmariner("POST", f"{INSIDE}/{{id}}/users",
                      lambda cell: {**reader(cell), "role": "PROJECT_ROLE_MEMBER"}, event="member.added", **PROJECT),
        ),
        "PRM-03": (
            llmariner("POST", f"{INSIDE}/{{id}}/users",
                      lambda cell: {**reader(cell), "role": "PROJECT_ROLE_OWNER"}, event="member.added", **PROJECT),
        ),
        "PRM-05": (
            llmariner("DELETE", f"{INSIDE}/{{id}}/users/{{colleague}}", event="member.removed", **PROJECT),
        ),
        "KEY-05": (
            llmariner("POST", f"{INSIDE}/{{id}}/api_keys", {"name": "ours"}, event="key.generated", **PROJECT),
        ),
    },
}  # fmt: skip
