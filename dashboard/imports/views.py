"""Bringing people into an organization from a file: looked at first, then done, as long work."""

from uuid import UUID

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.imports.parsing import COLUMNS, EXAMPLE, MOST_BYTES, rows_of
from dashboard.organizations.kind import ROWS, frame
from dashboard.tasks.going_on import carry_on
from orgs.models import Organization
from rbacadmin import policy, spreadsheets
from rbacadmin.http import Request
from rbacadmin.policy import Action
from rbacadmin.tasks import keeping


class UploadForm(forms.Form):
    """The file."""

    people = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        help_text=gettext_lazy("Comma-separated, in UTF-8, with a first line that names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_people(self) -> list[dict[str, str]]:
        return rows_of(self.cleaned_data["people"].read(MOST_BYTES + 1))


def found(request: Request, pk: UUID) -> Organization:
    return policy.find(request.actor, Action.MANAGE_MEMBERS, ROWS, pk)


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: Request, pk: UUID) -> HttpResponseBase:
    """Read a file and say what would become of each row; it is done when that was looked at."""
    organization = found(request, pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        rows = form.cleaned_data["people"]
        title = _("Bring people into %(name)s") % {"name": organization.label}
        back = [reverse("organization-members", args=(pk,)), _("The members")]
        asked = {"organization": str(pk), "rows": rows, "plan": [], "back": back, "again": request.path}
        task = keeping.begin(request.actor, "import", title, asked, len(rows), waits=True)
        carry_on(request, task)
        return redirect("task", pk=task.pk)
    context = {**frame(request, organization), "form": form, "columns": COLUMNS}
    return render(request, "imports/people.html", context, status=422 if form.errors else 200)


@require_GET
def template(request: Request, pk: UUID) -> HttpResponseBase:
    """A file to fill in."""
    found(request, pk)
    return spreadsheets.response("people", COLUMNS, [EXAMPLE])
