"""What administrators do about how somebody signs in: a new password, and the end of sessions."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.asking import ask
from dashboard.people import questions
from dashboard.people.listing import PEOPLE
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams import services
from teams.models import User
from teams.services.factors import remove_factors


@never_cache
@require_http_methods(["GET", "POST"])
def person_reset(request: Request, pk: UUID) -> HttpResponse:
    """Ask, then make them choose a new password; the link for it is shown once."""
    person = policy.find(request.actor, Action.CHANGE_PEOPLE, PEOPLE, pk)
    if request.method == "GET":
        return ask(request, questions.reset(person))
    try:
        path = services.trigger_password_reset(request.actor, person)
    except ValidationError as error:
        return ask(request, questions.reset(person), error=" ".join(error.messages))
    text = _("Hand it to them yourself. Whoever opens it chooses the password of this account, once.")
    return link_page(request, person, path, title=_("A link to choose a new password"), text=text)


def link_page(request: Request, person: User, path: str, *, title: str, text: str) -> HttpResponse:
    """A link that is shown this once. Not cached anywhere, and at no address of its own."""
    context = {"person": person, "link": request.build_absolute_uri(path), "title": title, "text": text}
    response = render(request, "people/link.html", context)
    response["Cache-Control"] = "no-store, private, max-age=0"
    return response


@require_http_methods(["GET", "POST"])
def person_sign_out(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then end all sessions of somebody else."""
    person = policy.find(request.actor, Action.REVOKE_SESSIONS, PEOPLE, pk)
    if request.method == "GET":
        return ask(request, questions.sessions(person))
    services.revoke_sessions(request.actor, person)
    messages.success(request, _("%(person)s is signed out everywhere.") % {"person": person.label})
    return redirect("person-sessions", pk=pk)


@require_http_methods(["GET", "POST"])
def person_factors(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then take the second factors of somebody away who has lost them."""
    person = policy.find(request.actor, Action.CHANGE_PEOPLE, PEOPLE, pk)
    if request.method == "GET":
        return ask(request, questions.factors(person))
    remove_factors(request.actor, person)
    messages.success(request, _("%(person)s signs in without a second factor now.") % {"person": person.label})
    return redirect("person-sessions", pk=pk)
