"""What the project routes accept. LiteLLM says `project_alias` where seed 004 says `title`."""

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from api.litellm.memberships.asks import Members, PersonNamed
from api.litellm.types import Limits
from api.types import Ident, Idents, Named, PageNumber, PageSize, Request, Text
from orgs.assignments import MOST

TITLE = AliasChoices("title", "project_alias")
Namespace = Annotated[str, Field(max_length=63, description="a DNS label")]


class Label(Request):
    """A label that a node must have."""

    key: Annotated[str, Field(min_length=1, max_length=317)]
    value: Annotated[str, Field(max_length=63)]


class Assignment(Request):
    """Where jobs of the project run; without a cluster, in all of them."""

    namespace: Namespace
    cluster_id: Text | None = None
    kueue_queue_name: Annotated[str, Field(max_length=253)] | None = None
    node_selector: Annotated[list[Label], Field(max_length=MOST)] | None = None


def whole(value: Any) -> Any:
    """A bare text is the assignment to that namespace."""
    return {"namespace": value} if isinstance(value, str) else value


class ProjectFields(Limits):
    kubernetes_namespace: Namespace | None = None
    assignments: Annotated[list[Annotated[Assignment, BeforeValidator(whole)]], Field(max_length=MOST)] | None = None


class ProjectNew(ProjectFields):
    """A project lives in an organization: the one named, or that of the team named."""

    title: Annotated[Named, Field(validation_alias=TITLE)]
    organization_id: Ident | None = None
    team_id: Ident | None = None
    project_id: Ident | None = None


class ProjectUpdate(ProjectFields):
    project_id: Ident
    title: Annotated[Named | None, Field(validation_alias=TITLE)] = None


class ProjectNamed(Request):
    project_id: Ident


class ProjectsNamed(Request):
    project_ids: Idents


class ProjectFilter(Request):
    organization_id: Ident | None = None


class ProjectMemberPage(ProjectNamed):
    page: PageNumber = 1
    page_size: PageSize = 50


class ProjectMembersNew(ProjectNamed):
    member: Members


class ProjectMemberNamed(PersonNamed):
    project_id: Ident


class ProjectMemberUpdate(ProjectMemberNamed):
    role: Text
