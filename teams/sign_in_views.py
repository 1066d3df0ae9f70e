"""The page behind a one-time sign-in link. GET shows a button, POST consumes: mail scanners follow links."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from teams.models import User
from teams.sign_in import user_of_link


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in_link(request: HttpRequest, ident: str, token: str) -> HttpResponse:
    """Offer to sign in, and do so once. A second factor, where there is one, is asked for all the same."""
    user = user_of_link(ident, token)
    if user is not None and request.method == "POST":
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            user = user_of_link(ident, token)  # again, under the lock: two browsers, one sign-in
            if user is not None:
                user.backend = "django.contrib.auth.backends.ModelBackend"
                record_authentication(request, user, method="link")
                return perform_login(request, Login(user=user, redirect_url=reverse("home")))
    context = {"email": user.email if user else "", "expired": user is None}
    return render(request, "account/sign_in_link.html", context, status=200 if user else 410)
