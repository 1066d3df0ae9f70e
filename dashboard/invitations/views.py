"""The screens of invitations: who was offered a sign-in, a new link, and taking the offer back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.asking import Question, ask, ask_first
from dashboard.invitations.listing import INVITATIONS, listing_for
from dashboard.people.listing import PEOPLE
from dashboard.people.screens import list_tabs
from dashboard.people.sign_in_views import link_page
from rbacadmin import policy
from rbacadmin.errors import Conflict
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.views import seen_owners
from teams.models import User
from teams.services import create_invitation, revoke_invitation
from teams.services.invitations import inviting_scope


@require_GET
def invitation_list(request: Request) -> HttpResponse:
    """The invitations that this person may see: their own, and those of what they look after."""
    shown = listing_for(request.actor, request.GET.get("in", "")).shown(request, INVITATIONS)
    context = {"list": shown, "page": shown.page, "invitations": shown.page.items, "tabs": list_tabs(request)}
    context["seen_people"] = seen_owners(request.actor, shown.page.items)
    return render(request, "invitations/invitation_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def invitation_resend(request: Request, pk: UUID) -> HttpResponse:
    """Ask, then make a new link, which is shown once; the one before opens nothing any more."""
    invitation = policy.find(request.actor, Action.MANAGE_INVITATIONS, INVITATIONS, pk)
    scope = invitation.project or invitation.team or invitation.organization
    return offered(request, invitation.user, scope, reverse("invitation-list"))


@never_cache
@require_http_methods(["GET", "POST"])
def person_invite(request: Request, pk: UUID) -> HttpResponse:
    """Ask, then offer the person a sign-in by a link, which is shown once."""
    person = policy.find(request.actor, Action.VIEW_PEOPLE, PEOPLE, pk)
    if request.method == "GET":  # a question that they may answer; the answer itself is refused on record
        policy.require(request.actor, Action.MANAGE_INVITATIONS, inviting_scope(request.actor, person))
    return offered(request, person, None, reverse("person-detail", args=(pk,)))


def offered(request: Request, person: User, scope: Any, back: str) -> HttpResponse:
    """The question, and after it the link."""
    question = Question(
        _("Make a link for %(person)s to sign in with?") % {"person": person.label},
        [_("It is shown once, and sent by e-mail where that is set up."), _("It works once, within seven days."),
         _("A link that you made before opens nothing any more.")],
        _("Make the link"), back, icon="link", tone="primary",
    )  # fmt: skip
    if request.method == "GET":
        return ask(request, question)
    try:
        _invitation, secret = create_invitation(request.actor, person, scope=scope)
    except ValidationError as error:
        return ask(request, question, error=" ".join(error.messages))
    except Conflict as conflict:
        return ask(request, question, error=conflict.message, status=409)
    text = _("Hand it to them yourself: whoever opens it chooses the password of this account.")
    path = reverse("invitation-accept", args=(secret,))
    return link_page(request, person, path, title=_("A link to sign in with"), text=text)


@require_http_methods(["GET", "POST"])
def invitation_revoke(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then take the offer back."""
    invitation = policy.find(request.actor, Action.MANAGE_INVITATIONS, INVITATIONS, pk)
    person = {"person": invitation.user.label}
    question = Question(
        _("Take back the invitation of %(person)s?") % person,
        [_("Its link opens nothing any more."), _("They stay a member, and keep their keys.")],
        _("Take it back"), reverse("invitation-list"), icon="x",
    )  # fmt: skip
    if page := ask_first(request, question, lambda: revoke_invitation(request.actor, invitation)):
        return page
    messages.success(request, _("The invitation of %(person)s was taken back.") % person)
    return redirect("invitation-list")
