"""The page behind the link of an invitation. GET shows a form, POST consumes: mail scanners follow links."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rbacadmin.errors import TooMany
from rbacadmin.http import client_ip
from rbacadmin.policy import Actor
from rbacadmin.throttling import spend
from teams.forms import PasswordForm
from teams.models import Invitation, User
from teams.services.invitations import TRIES, DeadLink, accept_invitation, invitation_of
from teams.sign_in_audit import origin_of

PAGE = "account/invitation.html"


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Offer to choose a password, and take it once. Links that do not work all look alike."""
    try:
        spend("invitation", client_ip(request), **TRIES)
    except TooMany as error:
        answer = render(request, "429.html", status=429)
        answer["Retry-After"] = str(error.retry_after)
        return answer
    found = invitation_of(secret)
    if found is None:
        return render(request, PAGE, {"expired": True}, status=410)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (user := accepted(request, found, form)):
        return sign_in(request, user)
    context = {"expired": invitation_of(secret) is None, "email": found.user.email, "form": form}
    status = 410 if context["expired"] else 422 if request.method == "POST" else 200
    return render(request, PAGE, context, status=status)


def accepted(request: HttpRequest, found: Invitation, form: PasswordForm) -> User | None:
    """The person, with the password set; None when that did not go, and then the form says why."""
    actor = Actor.for_user(found.user, origin_of(request))
    try:
        return accept_invitation(actor, found, person=found.user, password=form.cleaned_data["password1"])
    except DeadLink:
        return None
    except ValidationError as error:
        form.add_error("password1", error.messages)
        return None


def sign_in(request: HttpRequest, user: User) -> HttpResponse:
    user.backend = "django.contrib.auth.backends.ModelBackend"
    record_authentication(request, user, method="password")
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=reverse("home")))
    return answer
