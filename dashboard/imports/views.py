"""Bringing people into an organization from a file: looked at first, then done, a part at a time."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.imports.parsing import COLUMNS, EXAMPLE, MOST_BYTES, rows_of
from dashboard.imports.running import done, planned
from dashboard.organizations.kind import ROWS, frame
from orgs.models import Organization
from rbacadmin import policy, spreadsheets
from rbacadmin.http import Request
from rbacadmin.policy import Action

AT_ONCE = 50  # rows that one request brings in; the page goes on by itself, and survives being closed


class UploadForm(forms.Form):
    """The file."""

    people = forms.FileField(
        label=_("File"),
        max_length=255,
        help_text=_("Comma-separated, in UTF-8, with a first line that names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_people(self) -> list[dict[str, str]]:
        return rows_of(self.cleaned_data["people"].read(MOST_BYTES + 1))


def found(request: Request, pk: UUID) -> Organization:
    return policy.find(request.actor, Action.MANAGE_MEMBERS, ROWS, pk)


def kept(organization: Organization) -> str:
    """Where the session keeps what was read: `rows`, `plan` and `done`."""
    return f"import:{organization.pk}"


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: Request, pk: UUID) -> HttpResponseBase:
    """Read a file and say what would become of each row; or show what was read before, and how far it is."""
    organization = found(request, pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        rows = form.cleaned_data["people"]
        plan = planned(request.actor, organization, rows)
        request.session[kept(organization)] = {"rows": rows, "plan": plan, "done": []}
        return redirect("organization-import", pk=pk)
    known = request.session.get(kept(organization))
    context = {**frame(request, organization), "form": form, "columns": COLUMNS, **state_of(known)}
    return render(request, "imports/people.html", context, status=422 if form.errors else 200)


def state_of(known: dict[str, Any] | None) -> dict[str, Any]:
    """What the page shows of what the session keeps: the plan, or what is done so far."""
    if not known:
        return {}
    shown = known["done"] or known["plan"]
    counts = {state: sum(outcome["state"] == state for outcome in shown) for state in ("new", "kept", "wrong")}
    total, ready = len(known["rows"]), len(known["done"])
    return {"outcomes": shown, "tally": counts, "total": total, "ready": ready, "running": 0 < ready < total}


@require_POST
def run(request: Request, pk: UUID) -> HttpResponse:
    """Bring in the next rows of what was looked at."""
    organization = found(request, pk)
    known = request.session.get(kept(organization))
    if known:
        start = len(known["done"])
        known["done"] += done(request.actor, organization, known["rows"][start : start + AT_ONCE])
        request.session[kept(organization)] = known
    return redirect("organization-import", pk=pk)


@require_POST
def discard(request: Request, pk: UUID) -> HttpResponse:
    """Forget what was read."""
    request.session.pop(kept(found(request, pk)), None)
    return redirect("organization-import", pk=pk)


@require_GET
def template(request: Request, pk: UUID) -> HttpResponseBase:
    """A file to fill in."""
    found(request, pk)
    return spreadsheets.response("people", COLUMNS, [EXAMPLE])
