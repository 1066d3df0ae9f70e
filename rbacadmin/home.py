"""The landing page: what this person may see, and what to do next."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from keys.models import Key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import Team

SHOWN = 5


def home(request: Request) -> HttpResponse:
    """Organizations, teams and keys, newest first, each cut short with a link to all."""
    actor = request.actor
    organizations = Organization.objects.all()
    teams = Team.objects.select_related("organization")
    keys = Key.objects.select_related("user", "team", "organization")
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
    return render(request, "ui/home.html", context)


def styleguide(request: Request) -> HttpResponse:
    """Every component in every state."""
    return render(request, "ui/styleguide.html")
