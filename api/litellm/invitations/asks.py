"""What the invitation and onboarding routes accept: LiteLLM's names, our bounds."""

from typing import Annotated, Literal

from pydantic import Field

from api.litellm.types import Duration
from api.types import Ident, PageNumber, PageSize, Request

Link = Annotated[str, Field(min_length=1, max_length=255, description="the link, or its last part")]


class InvitationPlace(Request):
    """The scope of an invitation: the innermost that is named."""

    organization_id: Ident | None = None
    team_id: Ident | None = None
    project_id: Ident | None = None


class InvitationNew(InvitationPlace):
    """Without a scope, the highest from which you may invite this person."""

    user_id: Ident


class InvitationNamed(Request):
    invitation_id: Ident


class InvitationPage(InvitationPlace):
    user_id: Ident | None = None
    status: Literal["pending", "accepted", "expired"] | None = None
    page: PageNumber = 1
    page_size: PageSize = 50


class InvitationUpdate(InvitationNamed):
    """`is_accepted` may be sent back as it is: accepting is for the person who is invited."""

    is_accepted: bool | None = None
    duration: Duration | None = None


class InvitationLink(Request):
    invite_link: Link


class InvitationClaim(Request):
    invitation_link: Link
    user_id: Ident
    password: Annotated[str, Field(min_length=1, max_length=1024)]
