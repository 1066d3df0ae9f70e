"""Making projects, and letting their period begin anew."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard import as_call
from dashboard.asking import Question, ask
from dashboard.context import home_of
from dashboard.form_pages import form_page, saved
from dashboard.projects.forms import NewProjectForm
from dashboard.projects.listing import ROWS
from gateway.resetting import reset_spend
from orgs.models import Organization, Project
from orgs.services import create_project
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action


@require_http_methods(["GET", "POST"])
def project_new(request: Request) -> HttpResponse:
    """Make a project in an organization; `?organization=` names it."""
    policy.require_somewhere(request.actor, Action.CREATE_PROJECTS)
    named = request.GET.get("organization") or home_of(request, Project, Action.CREATE_PROJECTS)
    form = NewProjectForm(request.POST or None, actor=request.actor, initial={"organization": named} if named else {})

    def make() -> Project:
        place = policy.find(request.actor, Action.CREATE_PROJECTS, Organization, form.cleaned_data["organization"])
        return create_project(request.actor, place, **form.values())

    if made := saved(request, form, make):
        messages.success(request, _("%(name)s was made. Add its first people below.") % {"name": made.label})
        return redirect("project-members", pk=made.pk)
    call = as_call.making(request, "project", form, organization_id=form["organization"].value())
    return form_page(request, form, title=_("New project"), button=_("Make the project"),
                     back=reverse("project-list"), back_label=_("Projects"), **call)  # fmt: skip


@require_http_methods(["GET", "POST"])
def project_reset(request: Request, pk: UUID) -> HttpResponseBase:
    """Ask, then set what the project spent in the running period back to nothing."""
    project = policy.find(request.actor, Action.RESET_SPEND, ROWS, pk)
    question = Question(
        _("Set the spend of %(name)s back to nothing?") % {"name": project.label},
        [_("The budget of the running period can be used once more."),
         _("What was spent in all stays on record, and so does this reset.")],
        _("Reset the spend"), reverse("project-detail", args=(pk,)), icon="rotate-ccw", tone="primary",
    )  # fmt: skip
    if request.method == "GET":
        return ask(request, question)
    reset_spend(request.actor, project)
    messages.success(request, _("%(name)s begins this period anew.") % {"name": project.label})
    return redirect("project-detail", pk=pk)
