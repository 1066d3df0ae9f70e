"""Making organizations."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard import as_call
from dashboard.form_pages import form_page, saved
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
    if made := saved(request, form, lambda: create_organization(request.actor, **form.values())):
        messages.success(request, _("%(name)s was made. Add its first people below.") % {"name": made.label})
        return redirect("organization-members", pk=made.pk)
    call = as_call.making(request, "organization", form)
    return form_page(request, form, title=_("New organization"), button=_("Make the organization"),
                     back=reverse("organization-list"), back_label=_("Organizations"), **call)  # fmt: skip
