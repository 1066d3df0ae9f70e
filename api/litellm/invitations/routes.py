"""The routes of invitations and of the links in them."""

from api.litellm.invitations import answers, asks, calls, onboarding
from api.litellm.route import DELETES, ERROR, GET, POST, READS, UPDATES, Route
from rbacadmin.policy import Action as Do

IN_DAYS = {"expires_at": "duration"}

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/invitation/new", POST, Do.MANAGE_INVITATIONS, asks.InvitationNew, answers.InvitationCreated, calls.new,
          ERROR, "Invite a person to sign in, or send a new link; it is shown here and never again"),
    Route("/invitation/info", GET, Do.VIEW_INVITATIONS, asks.InvitationNamed, answers.InvitationRow, calls.info, ERROR,
          "An invitation, without its link"),
    Route("/invitation/list", READS, Do.VIEW_INVITATIONS, asks.InvitationPage, answers.Invitations, calls.list_page,
          ERROR, "The invitations of a scope", "page_size"),
    Route("/invitation/update", UPDATES, Do.MANAGE_INVITATIONS, asks.InvitationUpdate, answers.InvitationRow,
          calls.update, ERROR, "Say when an invitation ends", wire=IN_DAYS),
    Route("/invitation/delete", DELETES, Do.MANAGE_INVITATIONS, asks.InvitationNamed, answers.InvitationRow,
          calls.delete, ERROR, "Take an invitation back"),
    Route("/onboarding/get_token", GET, None, asks.InvitationLink, answers.Onboarding, onboarding.get_token, ERROR,
          "Whom a link invites", public=True),
    Route("/onboarding/claim_token", POST, Do.CHANGE_PROFILE, asks.InvitationClaim, answers.Onboarded,
          onboarding.claim_token, ERROR, "Choose a password, once", public=True),
)
# fmt: on
