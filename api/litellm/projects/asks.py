"""What the project routes accept. LiteLLM says `project_alias` where seed 004 says `title`."""

from typing import Annotated

from pydantic import AliasChoices, Field

from api.litellm.memberships.asks import Members, PersonNamed
from api.litellm.types import Ident, Idents, Limits, Named, PageNumber, PageSize, Request, Text

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
