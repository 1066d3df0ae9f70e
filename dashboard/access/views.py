"""Why may somebody do something, who can, and what tells two people apart?"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dashboard.access import answers, holding
from dashboard.access.forms import CompareForm, ExplainForm, WhoForm
from dashboard.tabs import tabs
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor
from teams.models import User


def shown(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the access area, with its sections."""
    sections = [(_("Explain"), "access-explain"), (_("Who can"), "access-who"), (_("Compare"), "access-compare")]
    sections.append((_("Permissions"), "permissions"))
    found = tabs(request, [(label, reverse(name)) for label, name in sections])
    return render(request, template, {"tabs": found, **context})


@require_GET
def explain(request: Request) -> HttpResponse:
    """Pick a person, an action and an object: may they, why, and what would change it?"""
    actor = request.actor
    asked = "action" in request.GET
    form = ExplainForm(request.GET if asked else None, actor=actor, initial={"person": actor.label})
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        person, action, row = form.cleaned_data["person"], Action(form.cleaned_data["action"]), form.cleaned_data["row"]
        decision = policy.explain_other(actor, person, action, row)
        context |= {
            "decision": decision,
            "reasons": answers.reasons_in_words(actor, decision),
            "ways": answers.ways(actor, Actor.for_user(person), action, row),
        }
    return shown(request, "access/explain.html", context)


@require_GET
def who(request: Request) -> HttpResponse:
    """The other way round: who can do this? As many queries for 60 people as for 6,000."""
    actor = request.actor
    asked = "action" in request.GET
    form = WhoForm(request.GET if asked else None, actor=actor)
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        action, row = Action(form.cleaned_data["action"]), form.cleaned_data["row"]
        policy.require(actor, Action.EXPLAIN_ACCESS, row)
        able = policy.who(action, row)
        context |= {
            "page": policy.page(actor, Action.VIEW_PEOPLE, able, order="public_id", after=request.GET.get("after")),
            "action": action,
            "about": policy.describe(row),
        }
    return shown(request, "access/who.html", context)


@require_GET
def compare(request: Request) -> HttpResponse:
    """What one person may do and another may not, counted over what the asker can see."""
    actor = request.actor
    asked = "one" in request.GET
    form = CompareForm(request.GET if asked else None, actor=actor)
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        one, other = form.cleaned_data["one"], form.cleaned_data["other"]
        context |= {"one": one, "other": other, "rows": holding.compared(actor, one, other)}
    return shown(request, "access/compare.html", context)


@require_GET
def person(request: Request, pk: UUID) -> HttpResponse:
    """Everything that one person may do, counted by kind of thing."""
    people = User.objects.people()
    found = policy.find(request.actor, Action.EXPLAIN_ACCESS, people, pk)
    context = {"person": found, "areas": holding.areas(request.actor, found)}
    return shown(request, "access/person.html", context)
