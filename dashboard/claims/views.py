"""The tester of single sign-on: paste claims, see whom they sign in and what they bring. Changes nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.claims.forms import ClaimsForm
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor
from teams.models import ROLE_LABELS, User
from teams.services.identities import person_of, teams_of
from teams.sso import identity_of, mapped


@sensitive_post_parameters("claims")
@never_cache
@require_http_methods(["GET", "POST"])
def claims(request: Request) -> HttpResponse:
    """The mappings in force, and what they make of the claims that were pasted."""
    policy.require(request.actor, Action.VIEW_SETTINGS)
    form = ClaimsForm(request.POST or None)
    context: dict[str, Any] = {"form": form, **in_force(request)}
    if request.method == "POST" and form.is_valid():
        context |= outcome(request.actor, form.cleaned_data["claims"])
    return render(request, "settings/claims.html", context, status=422 if form.errors else 200)


def in_force(request: HttpRequest) -> dict[str, Any]:
    """What the environment has configured, without the client's secret."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    roles = settings.SSO_ROLE_MAPPING or {}
    return {
        "provider": {"name": apps[0]["name"], "issuer": apps[0]["settings"]["server_url"]} if apps else None,
        "callback": request.build_absolute_uri(reverse("single-sign-on-callback")),
        "role_claim": roles.get("claim", ""),
        "roles": [(group, ROLE_LABELS[role]) for group, role in roles.get("roles", {}).items()],
        "default": ROLE_LABELS.get(roles.get("default") or "", ""),
        "team_claim": (settings.SSO_TEAM_MAPPING or {}).get("claim", ""),
    }


def outcome(actor: Actor, found: dict[str, Any]) -> dict[str, Any]:
    """Whom the claims sign in at this moment, and what the mappings give them."""
    result = mapped(found, settings.SSO_ROLE_MAPPING, settings.SSO_TEAM_MAPPING)
    person = person_of(identity_of(found))
    seen = policy.visible(actor, Action.VIEW_PEOPLE, User.objects.filter(pk=person.pk)).first() if person else None
    named = teams_of(result.teams or ())
    return {
        "result": result,
        "role": ROLE_LABELS.get(result.role or "", ""),
        "person": seen,
        "first": seen is not None and seen.sso_id != found["sub"],
        "teams": named,
        "missing": [name for name in result.teams or () if not any(names(team, name) for team in named)],
    }


def names(team: Any, name: str) -> bool:
    return type(team).objects.filter(type(team).named(name), pk=team.pk).exists()
