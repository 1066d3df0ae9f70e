"""Looking through who holds what in a scope: since when, given by whom, last active, and whether that was looked at."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.exports import Cells, Source, answer, counted, csv_file
from dashboard.listing import EXPORTED_AT_ONCE
from keys.models import Key
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor
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
        return answer(request, source(actor, f"review-{kind}", rows))
    page = policy.page(actor, Action.VIEW_MEMBERS, rows, order="created_at", after=request.GET.get("after"))
    seen = seen_owners(actor, page.items)
    return render(request, "access/review.html", {"scope": scope, "page": page, "seen_people": seen})


def members(scope: Any) -> QuerySet[Membership]:
    """The people of the scope, each with the last time that a key of theirs was used."""
    used = Key.objects.filter(user=OuterRef("user")).order_by().values("user").annotate(last=Max("last_used_at"))
    rows = Membership.objects.filter(group_id=scope.group_id).select_related("user", "organization", "team", "project")
    return rows.annotate(key_used_at=Subquery(used.values("last")[:1]))


def source(actor: Actor, name: str, rows: QuerySet[Membership]) -> Source:
    """All of them as a file, whoever came first at the top."""

    def page(after: str) -> tuple[Cells, str]:
        found = policy.page(actor, Action.VIEW_MEMBERS, rows, "created_at", after or None, EXPORTED_AT_ONCE)
        return [cells(row) for row in found.items], found.next_cursor or ""

    seen = policy.visible(actor, Action.VIEW_MEMBERS, rows)
    return Source(csv_file(name, TITLES), page, lambda: counted(seen))


def last_active(row: Any) -> Any:
    """When the person last signed in or used a key; None for never."""
    return max((moment for moment in (row.user.last_login, row.key_used_at) if moment), default=None)


def cells(row: Any) -> list[Any]:
    return [
        row.user.label, row.role_label, row.created_at, row.created_by, row.expires_at, last_active(row),
        row.reviewed_at, row.reviewed_by,
    ]  # fmt: skip
