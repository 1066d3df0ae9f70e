"""The landing page: what this person may see, and what to do next."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keys.models import Key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.views import THEMES, seen_owners
from teams.models import Team

SHOWN = 5
YEAR = 365 * 86400


def home(request: Request) -> HttpResponse:
    """Organizations, teams and keys, newest first, each cut short with a link to all."""
    actor = request.actor
    organizations = Organization.objects.all()
    teams = Team.objects.select_related("organization")
    keys = Key.objects.select_related("user", "team", "project", "organization")
    lists: dict[str, tuple[Action, Any, str, str]] = {
        "organizations": (Action.SEE_ORGANIZATIONS, organizations, _("Organizations"), "organization-list"),
        "teams": (Action.SEE_TEAMS, teams, _("Teams"), "team-list"),
        "keys": (Action.LIST_KEYS, keys, _("Keys"), "key-list"),
    }
    context: dict[str, Any] = {"counts": {}, "cards": []}
    for name, (action, queryset, label, url) in lists.items():
        context[name] = policy.page(actor, action, queryset, size=SHOWN).items
        found = policy.count(policy.visible(actor, action, queryset))
        context["counts"][name] = "10,000+" if found > 10_000 else f"{found:,}"
        context["cards"].append({"label": label, "value": context["counts"][name], "hint": "", "url": reverse(url)})
    context["seen_owners"] = seen_owners(actor, context["keys"])
    return render(request, "ui/home.html", context)


@login_not_required
@require_POST
def theme(request: Request) -> HttpResponse:
    """Remember light, dark or the system's choice, for browsers without JavaScript."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("home")
    response = redirect(back)
    response.set_cookie("theme", chosen if chosen in THEMES else "system", max_age=YEAR, samesite="Lax")
    return response


def styleguide(request: Request) -> HttpResponse:
    """Every component in every state."""
    return render(request, "ui/styleguide.html")
