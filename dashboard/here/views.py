"""Sections that every kind of scope has: who can do what here, and what was used."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.here.doing import doing
from dashboard.members.place import Place
from dashboard.usage.within import section
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.policy.applies import ACTIONS_OF


@require_GET
def access(request: Request, place: Place, pk: UUID) -> HttpResponse:
    """Everybody who may see the scope, and what else each of them may do; `?action=` narrows it to who can do that."""
    scope = policy.find(request.actor, place.see, place.rows, pk)
    policy.require(request.actor, Action.EXPLAIN_ACCESS, scope)
    asked = request.GET.get("action", "")
    context = {
        **place.context(request, scope),
        "frame": place.frame,
        "scope": scope,
        "doing": (found := doing(request.actor, scope, asked, request.GET.get("after"))),
        "page": found.page,
        "actions": ACTIONS_OF[scope._meta.label],
        "asked": asked,
    }
    return render(request, "access/here.html", context)


@require_GET
def usage(request: Request, place: Place, pk: UUID) -> HttpResponseBase:
    """What the scope used, by model, and by whom for those who may see that."""
    scope = policy.find(request.actor, place.see, place.rows, pk)
    return section(request, scope, lambda: {**place.context(request, scope), "frame": place.frame})
