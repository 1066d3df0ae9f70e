"""Looking through who holds what in a scope: since when, given by whom, last active, and whether that was looked at."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keys.models import Key
from rbacadmin import policy, spreadsheets
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.policy.scopes import scope_models
from rbacadmin.views import seen_owners
from teams.models import Membership
from teams.services import review_members

TITLES = ("person", "role", "since", "given_by", "ends", "last_active", "reviewed", "reviewed_by")


@require_http_methods(["GET", "POST"])
def review(request: Request, kind: str, pk: UUID) -> HttpResponseBase:
    """The members of a scope to be looked through; POST marks the ticked ones as reviewed."""
    if kind not in scope_models():
        raise Http404
    actor = request.actor
    scope = policy.find(actor, Action.VIEW_MEMBERS, scope_models()[kind], pk)
    rows = members(scope)
    if request.method == "POST":
        chosen = [policy.find(actor, Action.MANAGE_MEMBERS, rows, ident) for ident in request.POST.getlist("row")[:200]]
        done = review_members(actor, chosen)
        messages.success(request, _("%(count)s marked as reviewed.") % {"count": len(done)})
        return redirect("access-review", kind=kind, pk=pk)
    if request.GET.get("format") == "csv":
        found = policy.visible(actor, Action.VIEW_MEMBERS, rows).order_by("created_at", "pk")
        return spreadsheets.response(f"review-{kind}", TITLES, (cells(row) for row in found.iterator(chunk_size=200)))
    page = policy.page(actor, Action.VIEW_MEMBERS, rows, order="created_at", after=request.GET.get("after"))
    seen = seen_owners(actor, page.items)
    return render(request, "access/review.html", {"scope": scope, "page": page, "seen_people": seen})


def members(scope: Any) -> QuerySet[Membership]:
    """The people of the scope, each with the last time that a key of theirs was used."""
    used = Key.objects.filter(user=OuterRef("user")).order_by().values("user").annotate(last=Max("last_used_at"))
    rows = Membership.objects.filter(group_id=scope.group_id).select_related("user", "organization", "team", "project")
    return rows.annotate(key_used_at=Subquery(used.values("last")[:1]))


def last_active(row: Any) -> Any:
    """When the person last signed in or used a key; None for never."""
    return max((moment for moment in (row.user.last_login, row.key_used_at) if moment), default=None)


def cells(row: Any) -> list[Any]:
    return [
        row.user.label, row.role_label, row.created_at, row.created_by, row.expires_at, last_active(row),
        row.reviewed_at, row.reviewed_by,
    ]  # fmt: skip
