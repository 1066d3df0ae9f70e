"""What the operations take. Names are LLMariner's own; bodies may spell them in lowerCamelCase."""

from typing import Annotated

from pydantic import Field, StrictBool
from pydantic.json_schema import SkipJsonSchema

from api.context import InContext
from api.types import Ident, Named, Request, Text
from orgs.assignments import MOST

InPath = SkipJsonSchema[Ident]  # documented as a parameter of the path, not as a field of the body
Namespace = Annotated[str, Field(max_length=63, description="a DNS label")]


class ListOrganizationsRequest(Request):
    include_summary: bool = False


class CreateOrganizationRequest(Request):
    title: Named


class OrganizationNamed(Request):
    id: InPath


class OrganizationUsersNamed(Request):
    organization_id: InPath


class CreateOrganizationUserRequest(OrganizationUsersNamed):
    user_id: Ident
    role: Text | None = None


class OrganizationUserNamed(OrganizationUsersNamed):
    user_id: InPath


class NodeLabel(Request):
    """A label that a node must have."""

    key: Annotated[str, Field(min_length=1, max_length=317)]
    value: Annotated[str, Field(max_length=63)] = ""


class ProjectAssignment(Request):
    """Where jobs of the project run; without a cluster, in all of them."""

    namespace: Namespace
    cluster_id: Text = ""
    kueue_queue_name: Annotated[str, Field(max_length=253)] = ""
    node_selector: Annotated[list[NodeLabel], Field(max_length=MOST)] = []


Assignments = Annotated[list[ProjectAssignment], Field(max_length=MOST)]


class CreateProjectRequest(OrganizationUsersNamed):
    title: Named
    kubernetes_namespace: Namespace = ""
    assignments: Assignments = []


class ListProjectsRequest(OrganizationUsersNamed):
    include_summary: bool = False


class ProjectNamed(OrganizationUsersNamed):
    id: InPath


class ProjectChange(Request):
    title: Text = ""
    assignments: Assignments = []


class UpdateProjectRequest(ProjectNamed):
    project: ProjectChange = ProjectChange()
    update_mask: Text = ""


class ProjectUsersNamed(OrganizationUsersNamed):
    project_id: InPath


class CreateProjectUserRequest(ProjectUsersNamed):
    user_id: Ident
    role: Text | None = None


class ProjectUserNamed(ProjectUsersNamed):
    user_id: InPath


class APIKeyFields(Request):
    name: Named
    is_service_account: StrictBool = False
    role: Text | None = None
    excluded_from_rate_limiting: StrictBool = False


class CreateAPIKeyRequest(APIKeyFields, InContext):
    organization_id: Text = ""
    project_id: Text = ""


class CreateProjectAPIKeyRequest(APIKeyFields, ProjectUsersNamed):
    pass


class APIKeyNamed(Request):
    id: InPath


class ProjectAPIKeyNamed(ProjectUsersNamed):
    id: InPath


class APIKeyChange(Request):
    name: Text = ""
    excluded_from_rate_limiting: StrictBool = False


class UpdateAPIKeyRequest(APIKeyNamed):
    api_key: APIKeyChange = APIKeyChange()
    update_mask: Text = ""
