"""The screens of keys: the list, one key, and its history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dashboard.context import narrowed
from dashboard.history import history_of
from dashboard.keys.bulk_views import VERBS
from dashboard.keys.listing import KEYS, LISTED, LISTING, table_of
from dashboard.limits import limits_of_key
from dashboard.spending import spend_of
from dashboard.tabs import row_tabs
from dashboard.usage.within import section
from keys.models import Key
from keys.told import told_of
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.views import seen_owners


@require_GET
def key_list(request: Request) -> HttpResponseBase:
    """The keys that this person may list."""

    def more(keys: Sequence[Key]) -> dict[str, Any]:
        done = {verb.action for verb in VERBS.values()}
        ticked = {key.pk for key in keys if any(policy.can(request.actor, action, key) for action in done)}
        return {**table_of(request.actor, keys), "ticked": ticked}

    return LISTING.page_or_file(request, narrowed(request, LISTED), "keys/key_list.html", more)


@require_GET
def key_detail(request: Request, pk: UUID) -> HttpResponse:
    """One key: whose it is, where it lives, and what it may do."""
    key = policy.find(request.actor, Action.VIEW_KEYS, KEYS, pk)
    context = {
        "key": key,
        "tabs": sections(request, key),
        "spend": spend_of(request.actor, key),
        "limits": limits_of_key(request.actor, key),
        "seen_owners": seen_owners(request.actor, [key]),
        "told": told_of(key),
    }
    return render(request, "keys/key_detail.html", context)


@require_GET
def key_usage(request: Request, pk: UUID) -> HttpResponseBase:
    """What was used with the key, for those who may see that."""
    key = policy.find(request.actor, Action.VIEW_KEYS, KEYS, pk)
    return section(request, key, lambda: {"key": key, "tabs": sections(request, key), "frame": "keys/key_base.html"})


@require_GET
def key_history(request: Request, pk: UUID) -> HttpResponse:
    """What happened to one key, as far as this person may see it."""
    key = policy.find(request.actor, Action.VIEW_KEYS, KEYS, pk)
    events = history_of(request.actor, key, request.GET.get("after"))
    context = {"key": key, "tabs": sections(request, key), "events": events}
    return render(request, "keys/key_detail.html", context)


def sections(request: Request, key: Key) -> list[dict[str, object]]:
    addresses = [(_("Overview"), "key-detail"), (_("History"), "key-history")]
    if policy.can(request.actor, Action.VIEW_SPEND, key):
        addresses.insert(1, (_("Usage"), "key-usage"))
    return row_tabs(request, key, addresses)
