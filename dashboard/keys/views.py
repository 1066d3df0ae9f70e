"""The screens of keys."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.searching import search
from keys.models import Key
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.views import seen_owners


@require_GET
def key_list(request: Request) -> HttpResponse:
    """The keys that this person may list."""
    actor = request.actor
    query = request.GET.get("q", "")
    found = search(Key.objects.select_related("user", "team", "project", "organization"), query)
    page = policy.page(actor, Action.LIST_KEYS, found, after=request.GET.get("after"))
    return render(
        request, "keys/key_list.html", {"page": page, "q": query, "seen_owners": seen_owners(actor, page.items)}
    )
