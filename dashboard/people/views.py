"""The screens of people: the list, and one person's sections."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.context import narrowed
from dashboard.history import history_of
from dashboard.keys.listing import LISTED, table_of
from dashboard.people.listing import PEOPLE, key_counts, listing_for
from dashboard.people.screens import (
    factors_of,
    head_of,
    limits_by_place,
    list_tabs,
    live_sessions,
    person_context,
    sessions_action,
)
from dashboard.spending import with_spend
from dashboard.usage.within import section as usage_section
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from teams.models import User


@require_GET
def person_list(request: Request) -> HttpResponseBase:
    """The people that this person may see; themselves at least."""
    actor, listing = request.actor, listing_for(request.actor)

    def more(people: Sequence[User]) -> dict[str, Any]:
        counts = key_counts(actor, people)
        for person in with_spend(actor, people):
            person.key_count = counts.get(person.pk, 0)
        may_create = policy.can_somewhere(actor, Action.CREATE_PEOPLE)
        return {"people": people, "may_create": may_create, "tabs": list_tabs(request)}

    return listing.page_or_file(request, narrowed(request, PEOPLE), "people/person_list.html", more)


@require_GET
def person_detail(request: Request, pk: UUID) -> HttpResponse:
    """One person: what they are on the platform, where they belong, and what they may spend."""
    person = policy.find(request.actor, Action.VIEW_PEOPLE, PEOPLE, pk)
    return render(request, "people/person_detail.html", person_context(request, person))


@require_GET
def person_limits(request: Request, pk: UUID) -> HttpResponse:
    """Which level binds the person's calls, place by place."""
    person = policy.find(request.actor, Action.VIEW_PEOPLE, PEOPLE, pk)
    return section(request, person, "people/person_limits.html", {"places": limits_by_place(request.actor, person)})


@require_GET
def person_usage(request: Request, pk: UUID) -> HttpResponseBase:
    """What the person used, for those who may see all of that."""
    person = policy.find(request.actor, Action.VIEW_PEOPLE, PEOPLE, pk)
    frame = {"frame": "people/person_base.html"}
    return usage_section(request, person, lambda: {**head_of(request, person), **frame})


@require_GET
def person_keys(request: Request, pk: UUID) -> HttpResponse:
    """The person's keys, as far as this person may list them."""
    person = policy.find(request.actor, Action.VIEW_PEOPLE, PEOPLE, pk)
    page = policy.page(request.actor, Action.LIST_KEYS, LISTED.filter(user=person), after=request.GET.get("after"))
    found = {"page": page, **table_of(request.actor, page.items)}
    return section(request, person, "people/person_keys.html", found)


@require_GET
def person_sessions(request: Request, pk: UUID) -> HttpResponse:
    """The browsers in which the person is signed in: one's own, or for those who may end them."""
    person = policy.find(request.actor, Action.VIEW_PEOPLE, PEOPLE, pk)
    policy.require(request.actor, sessions_action(request.actor, person), person)
    found = {"sessions": live_sessions(person)[:100], "factors": factors_of(person)}
    return section(request, person, "people/person_sessions.html", found)


@require_GET
def person_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to one person's account, as far as this person may see it."""
    person = policy.find(request.actor, Action.VIEW_PEOPLE, PEOPLE, pk)
    events = history_of(request.actor, person, request.GET.get("after"))
    return section(request, person, "people/person_history.html", {"events": events})


def section(request: Request, person: User, template: str, context: dict[str, Any]) -> HttpResponse:
    """A section of the person's page, under its head."""
    return render(request, template, {**head_of(request, person), **context})
