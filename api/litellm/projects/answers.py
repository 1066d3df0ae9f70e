"""What the project routes answer."""

from typing import Any

from pydantic import RootModel

from api.litellm.limited import Limited
from api.litellm.lists import Numbered
from api.litellm.memberships.answers import MembershipRow
from api.types import Response


class ProjectMembership(MembershipRow):
    project_id: str | None = None
    role: str


class ProjectRow(Limited):
    project_id: str
    title: str
    project_alias: str
    organization_id: str | None = None
    kubernetes_namespace: str | None = None
    assignments: list[dict[str, Any]] | None = None
    is_default: bool | None = None


class ProjectFull(ProjectRow):
    members: list[ProjectMembership]


class ProjectArray(RootModel[list[ProjectRow]]):
    """The projects that the caller may see, or those deleted as they were."""


class ProjectMembers(Numbered):
    members: list[ProjectMembership]


class ProjectMembersAdded(Response):
    project_id: str
    updated_project_memberships: list[ProjectMembership]
