"""The page behind a one-time sign-in link. GET shows a button, POST consumes: mail scanners follow links."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from teams.models import User
from teams.sign_in import user_of_link


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in_link(request: HttpRequest, ident: str, token: str) -> HttpResponse:
    """Offer to sign in, and do so once."""
    if request.method == "POST":
        with transaction.atomic():
            user = user_of_link(ident, token)
            if user is not None:
                user = User.objects.select_for_update().get(pk=user.pk)
                user = user_of_link(ident, token)  # again, under the lock: two browsers, one sign-in
            if user is not None:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
                record_authentication(request, user, method="link")
                return redirect("home")
    user = user_of_link(ident, token)
    return render(
        request,
        "account/sign_in_link.html",
        {"email": user.email if user else "", "expired": user is None},
        status=200 if user else 410,
    )
