"""What the invitation and onboarding routes answer."""

from api.litellm.lists import Numbered
from api.types import Response


class InvitationRow(Response):
    id: str
    user_id: str
    user_email: str | None = None
    organization_id: str | None = None
    team_id: str | None = None
    project_id: str | None = None
    is_accepted: bool
    accepted_at: str | None = None
    expires_at: str
    created_at: str
    updated_at: str
    created_by: str | None = None
    updated_by: str | None = None


class InvitationCreated(InvitationRow):
    """The only answer that holds the link."""

    invitation_link: str


class Invitations(Numbered):
    invitations: list[InvitationRow]


class Onboarding(Response):
    """`token` is null: nobody is signed in by looking at a link."""

    login_url: str
    token: str | None = None
    user_id: str
    user_email: str | None = None


class Onboarded(Response):
    user_id: str
    user_email: str | None = None
    login_url: str
