"""Terminals that act as oneself: type the code that one shows, look at who asks, let it in or not; sign others out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.account.forms import CodeForm
from dashboard.account.views import oneself
from dashboard.keys.listing import KEYS
from keys.models import Key
from keys.terminals import NoSuchCode, answer_terminal, asking, end_terminal
from rbacadmin import policy
from rbacadmin.errors import TooMany
from rbacadmin.http import Request, client_ip
from rbacadmin.policy import Action


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def terminals(request: Request) -> HttpResponse:
    """The terminals in which one is signed in, and where a code is typed. POST shows who asks, and changes nothing."""
    person, form = oneself(request), CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = asking(request.actor, person, code=form.cleaned_data["code"])
        except (NoSuchCode, TooMany) as error:
            form.add_error("code", str(error))
        else:
            context = {"asking": found, "elsewhere": found.ip != client_ip(request), "person": person}
            return render(request, "account/own_terminal_answer.html", context)
    return render(request, "account/own_terminals.html", listed(request, form), status=422 if form.errors else 200)


def listed(request: Request, form: CodeForm) -> dict[str, Any]:
    """The page's terminals, the latest first."""
    mine = KEYS.select_related("terminal").filter(user=request.actor.user_id, kind=Key.Kind.TERMINAL)
    page = policy.page(request.actor, Action.VIEW_KEYS, mine, after=request.GET.get("after"))
    return {"form": form, "page": page, "terminals": page.items}


@sensitive_post_parameters()
@require_POST
def answer(request: Request) -> HttpResponseBase:
    """Let the terminal in, or not."""
    approve = request.POST.get("answer") == "approve"
    person = oneself(request)
    try:
        found = answer_terminal(request.actor, person, code=request.POST.get("code", ""), approve=approve)
    except (NoSuchCode, TooMany) as error:
        messages.error(request, str(error))
        return redirect("own-terminals")
    if approve:
        messages.success(request, _("%(host)s is signed in as you. Go back to your terminal.") % {"host": found.host})
    else:
        messages.success(request, _("%(host)s was turned away.") % {"host": found.host})
    return redirect("own-terminals")


@require_POST
def end(request: Request, pk: UUID) -> HttpResponseBase:
    """Sign a terminal out."""
    mine = KEYS.filter(user=request.actor.user_id, kind=Key.Kind.TERMINAL)
    key = policy.find(request.actor, Action.VIEW_KEYS, mine, pk)
    end_terminal(request.actor, key)
    messages.success(request, _("%(key)s is signed out.") % {"key": key.label})
    return redirect("own-terminals")
