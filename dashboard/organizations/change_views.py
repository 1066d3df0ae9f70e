"""Making organizations."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard import as_call
from dashboard.form_errors import put_errors
from dashboard.organizations.forms import OrganizationForm
from orgs.services import create_organization
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_http_methods(["GET", "POST"])
def organization_new(request: Request) -> HttpResponse:
    """Make an organization."""
    if request.method == "GET":
        policy.require(request.actor, Action.CREATE_ORGANIZATIONS)
    form = OrganizationForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid() and not as_call.asked(request):
        try:
            made = create_organization(request.actor, **form.values())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("%(name)s was made. Add its first people below.") % {"name": made.label})
            return redirect("organization-members", pk=made.pk)
    context = {"form": form, "title": _("New organization"), "button": _("Make the organization"),
               "back": reverse("organization-list"), "back_label": _("Organizations")}  # fmt: skip
    context |= as_call.making(request, "organization", form)
    return render(request, "ui/form.html", context, status=422 if form.errors else 200)
