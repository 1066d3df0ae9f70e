"""What the operations answer: zero scalars and empty lists are there, messages that are not set are left out."""

from typing import Literal

from pydantic import Field

from api.types import Response

Seconds = str  # an int64 of JSON


class Empty(Response):
    """Nothing: `{}`."""


class OrganizationSummary(Response):
    project_count: int
    user_count: int


class OrganizationMessage(Response):
    id: str
    title: str
    created_at: Seconds = Field(description="unix seconds; 0 for whoever only belongs to it")
    is_default: bool
    summary: OrganizationSummary | None = None


class ListOrganizationsResponse(Response):
    organizations: list[OrganizationMessage]


class DeletedOrganization(Response):
    id: str
    object: Literal["organization"]
    deleted: bool


class OrganizationUserMessage(Response):
    user_id: str
    internal_user_id: str
    organization_id: str
    role: str


class ListOrganizationUsersResponse(Response):
    users: list[OrganizationUserMessage]


class NodeLabelMessage(Response):
    key: str
    value: str


class ProjectAssignmentMessage(Response):
    cluster_id: str
    namespace: str
    kueue_queue_name: str
    node_selector: list[NodeLabelMessage]


class ProjectSummary(Response):
    user_count: int


class ProjectMessage(Response):
    id: str
    title: str
    assignments: list[ProjectAssignmentMessage]
    kubernetes_namespace: str
    organization_id: str
    created_at: Seconds
    is_default: bool
    summary: ProjectSummary | None = None


class ListProjectsResponse(Response):
    projects: list[ProjectMessage]


class DeletedProject(Response):
    id: str
    object: Literal["project"]
    deleted: bool


class ProjectUserMessage(Response):
    user_id: str
    project_id: str
    organization_id: str
    role: str


class ListProjectUsersResponse(Response):
    users: list[ProjectUserMessage]


class APIKeyUser(Response):
    id: str
    is_service_account: bool


class Titled(Response):
    id: str
    title: str


class APIKeyMessage(Response):
    id: str
    object: Literal["user.api_key"]
    name: str
    secret: str = Field(description="whole in the answer that creates it, masked ever after")
    created_at: Seconds
    user: APIKeyUser
    organization: Titled | None = None
    project: Titled | None = None
    organization_role: str
    project_role: str
    excluded_from_rate_limiting: bool


class ListAPIKeysResponse(Response):
    object: Literal["list"]
    data: list[APIKeyMessage]


class DeletedAPIKey(Response):
    id: str
    object: Literal["users.api_key"]
    deleted: bool


class OrganizationRoleBinding(Response):
    organization_id: str
    organization_title: str
    role: str


class ProjectRoleBinding(Response):
    project_id: str
    project_title: str
    organization_id: str
    role: str


class UserMessage(Response):
    id: str
    organization_role_bindings: list[OrganizationRoleBinding]
    project_role_bindings: list[ProjectRoleBinding]


class ListUsersResponse(Response):
    users: list[UserMessage]
