"""The usage screen: spend, requests and tokens over time, by whom and with what."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.exports import answer, asked_at
from dashboard.usage import export
from dashboard.usage.asked import BY, ENTITIES, MEASURES, PERIODS, Asked, asked, offered
from dashboard.usage.reading import named, read, source
from gateway.spending import lines
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Actor


@require_GET
def usage(request: Request) -> HttpResponseBase:
    """What this person may see of who used what, when; of one row where the address names it."""
    wanted = asked(request.actor, request.GET.dict(), asked_at(request).date())
    row = find(request.actor, wanted)
    if request.GET.get("format") == "csv":
        return exported(request, wanted, row)
    context = {
        "asked": wanted,
        "row": row,
        "row_url": ENTITIES[wanted.by][2] if row is not None else "",
        "usage": read(request.actor, wanted, row),
        "choices": [("by", choices := offered(request.actor)), ("days", PERIODS), ("measure", MEASURES)],
        "grouped": BY["model"] if wanted.grouped_by_model else choices[wanted.by],
        "measured": MEASURES[wanted.measure],
    }
    return render(request, "usage/usage.html", context)


def find(actor: Actor, wanted: Asked) -> Any:
    """The row that the address names, or None. Raises NotFound and PermissionDenied as `policy.find` does."""
    if not wanted.of:
        return None
    model = ENTITIES[wanted.by][1]
    return policy.find(actor, model.view_action, model, wanted.of)


def exported(request: Request, wanted: Asked, row: Any) -> HttpResponseBase:
    """The table as a file, whole."""
    ledgers, parts = source(request.actor, wanted, row)
    found = lines(ledgers, wanted.first, wanted.last)
    return answer(request, export.source("usage", wanted, found, lambda some: named(some, wanted, parts, 0)))
