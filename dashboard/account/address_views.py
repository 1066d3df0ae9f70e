"""The page behind the link in a mail to a new address. GET shows a button, POST counts: mail scanners follow links."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.account.views import oneself
from rbacadmin.http import Request
from teams.services import confirm_email
from teams.services.addresses import DeadAddressLink, address_of


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: Request, token: str) -> HttpResponseBase:
    """Let one's new address count. Whoever else opens the link, signed in as themselves, meets one that is dead."""
    person, why = oneself(request), ""
    if request.method == "POST":
        try:
            confirm_email(request.actor, person, token=token)
        except (DeadAddressLink, ValidationError) as error:
            why = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        else:
            logout(request)
            messages.success(request, _("The address was changed. Sign in with it from now on."))
            return redirect("account_login")
    address = None if why else address_of(person, token)
    why = why or ("" if address else str(DeadAddressLink()))
    context = {"address": address, "person": person, "why": why}
    answer: HttpResponse = render(request, "account/own_address.html", context, status=410 if why else 200)
    return answer
