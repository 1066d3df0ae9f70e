"""The tester of single sign-on: paste claims, see whom they sign in and what they bring. Changes nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.claims.forms import ClaimsForm
from keys.tokens import TokenRefused, told
from rbacadmin import policy, runtime
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor
from teams.models import ROLE_LABELS, User
from teams.services.identities import person_of, team_claim, teams_of
from teams.sso import identity_of, mapped, vouched_for

STANDS_FOR = {
    "user": gettext_lazy("a person who would be made at the first call"),
    "team": gettext_lazy("a team, without a person"),
    "customer": gettext_lazy("a customer"),
    "admin": gettext_lazy("an administrator of the platform, without a person"),
}


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
    """What is configured, without the client's secret. One mapping serves sign-on and tokens."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    mapping = runtime.value("jwt")
    return {
        "provider": {"name": apps[0]["name"], "issuer": apps[0]["settings"]["server_url"]} if apps else None,
        "callback": request.build_absolute_uri(reverse("single-sign-on-callback")),
        "issuers": [one.issuer for one in settings.JWT_ISSUERS],
        "source": next(one.source for one in runtime.chosen() if one.name == "jwt"),
        "role_claim": mapping["roles_jwt_field"],
        "roles": [(one["role"], label(one["internal_role"])) for one in mapping["role_mappings"]],
        "default": label(mapping.get("default_role", "")),
        "team_claim": (team_claim() or {}).get("claim", ""),
    }


def label(role: str) -> str:
    """A role in words; `team` and `customer` are words already."""
    return str(ROLE_LABELS.get(role, role))


def outcome(actor: Actor, found: dict[str, Any]) -> dict[str, Any]:
    """Whom the claims sign in at this moment, and what the mappings give them."""
    result = mapped(found, runtime.value("jwt"), team_claim())
    person = person_of(identity_of(found))
    seen = policy.visible(actor, Action.VIEW_PEOPLE, User.objects.filter(pk=person.pk)).first() if person else None
    named = teams_of(result.teams or ())
    return {
        "result": result,
        "role": ROLE_LABELS.get(result.role or "", ""),
        "person": seen,
        "first": seen is not None and not vouched_for(seen, str(found["sub"]), str(found.get("iss") or "")),
        "teams": named,
        "missing": [name for name in result.teams or () if not any(names(team, name) for team in named)],
        **as_token(actor, found),
    }


def as_token(actor: Actor, found: dict[str, Any]) -> dict[str, Any]:
    """What a token with these claims would stand for, were it signed and of this moment: by the very same function."""
    try:
        principal = told(found)
    except TokenRefused as error:
        return {"refusal": error}
    named = User.objects.filter(pk=principal.user.pk) if principal.user else User.objects.none()
    return {
        "principal": principal,
        "principal_role": label(principal.role),
        "principal_person": policy.visible(actor, Action.VIEW_PEOPLE, named).first(),
        "stands_for": STANDS_FOR[principal.kind],
    }


def names(team: Any, name: str) -> bool:
    return type(team).objects.filter(type(team).named(name), pk=team.pk).exists()
