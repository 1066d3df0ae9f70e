"""The forms of projects."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.places import PlaceField, organizations
from dashboard.projects.assignments import AssignmentsField
from dashboard.scopes.forms import ScopeForm
from rbacadmin.policy import Action


class ProjectForm(ScopeForm):
    """A project's name, where its jobs run, and its limits."""

    label_of_row: ClassVar[str] = "orgs.Project"

    kubernetes_namespace = forms.CharField(
        label=_("Namespace"),
        max_length=63,
        required=False,
        help_text=_("The Kubernetes namespace of its jobs: lower-case letters, digits and hyphens."),
    )
    assignments = AssignmentsField(
        label=_("Assignments"),
        help_text=_(
            "Where its jobs run, one a line: a namespace, then cluster:, queue: and node labels. "
            "For example: team-a cluster:eu-1 queue:gpu accelerator=a100"
        ),
    )

    field_order: Iterable[str] | None = ("alias", "kubernetes_namespace", "tags", "assignments")


class NewProjectForm(ProjectForm):
    """Where a new project lives, besides."""

    organization = PlaceField(label=_("Organization"))

    field_order: Iterable[str] | None = ("alias", "organization", "kubernetes_namespace", "tags", "assignments")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = str(self.initial.get("organization", ""))
        places = organizations(self.actor, Action.CREATE_PROJECTS, chosen=chosen)
        self.fields["organization"].offer(places)  # type: ignore[attr-defined]

    def places(self) -> tuple[str, ...]:
        return ("organization",)
