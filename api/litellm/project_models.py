"""What the project routes accept and answer. LiteLLM says `project_alias` where seed 004 says `title`."""

from typing import Annotated

from pydantic import AliasChoices, Field, RootModel

from api.litellm.responses import Numbered
from api.litellm.row_models import ProjectMembership, ProjectRow
from api.litellm.types import Ident, Idents, Limits, Members, Named, PageNumber, PageSize, PersonNamed, Request, Text
from api.litellm.types import Response as Answer

TITLE = AliasChoices("title", "project_alias")


class ProjectNew(Limits):
    title: Annotated[Named, Field(validation_alias=TITLE)]
    organization_id: Ident
    project_id: Ident | None = None


class ProjectUpdate(Limits):
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


class ProjectFull(ProjectRow):
    members: list[ProjectMembership]


class ProjectArray(RootModel[list[ProjectRow]]):
    """The projects that the caller may see, or those deleted as they were."""


class ProjectMembers(Numbered):
    members: list[ProjectMembership]


class ProjectMembersAdded(Answer):
    project_id: str
    updated_project_memberships: list[ProjectMembership]
