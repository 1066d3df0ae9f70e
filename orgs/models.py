"""Organizations and projects: the upper two kinds of scope, and what is granted on them beyond roles."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from orgs.assignments import dns_label, validate_assignments
from rbacadmin.db.fields import JSONField
from rbacadmin.models import Scope
from rbacadmin.policy.actions import Action
from rbacadmin.policy.grants import Grant
from rbacadmin.policy.roles import GRANTABLE, INITIAL_ORGANIZATION


class Organization(Scope):
    """A tenant: the top of the hierarchy. Teams and projects live in one."""

    id_prefix = "org-"
    scope_columns: ClassVar[dict[str, str]] = {"organization": "id"}
    view_action: ClassVar[Action] = Action.SEE_ORGANIZATIONS

    class Meta:
        default_permissions = ()
        permissions = tuple((action.value, action.label) for action in GRANTABLE["organization"])
        constraints = (models.UniqueConstraint(fields=("alias_key",), name="organization_alias_unique"),)
        indexes = (models.Index(fields=("-created_at", "-id"), name="organization_by_time"),)

    @property
    def is_initial(self) -> bool:
        """Made by bootstrap; cannot be deleted, and its admins may create organizations (rulebook 6)."""
        return self.pk == INITIAL_ORGANIZATION


class Project(Scope):
    """A part of an organization with its own members and keys; carries a Kubernetes namespace (seed 004)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="projects")
    kubernetes_namespace = models.CharField(max_length=63, blank=True, validators=[dns_label])
    assignments = JSONField(default=list, blank=True)
    is_default = models.BooleanField(default=False, editable=False)

    id_prefix = "proj_"
    scope_columns: ClassVar[dict[str, str]] = {"organization": "organization_id", "project": "id"}
    view_action: ClassVar[Action] = Action.VIEW_PROJECTS

    class Meta:
        default_permissions = ()
        permissions = tuple((action.value, action.label) for action in GRANTABLE["project"])
        constraints = (models.UniqueConstraint(fields=("organization", "alias_key"), name="project_alias_unique"),)
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="project_by_time"),
            models.Index(fields=("organization", "-created_at", "-id"), name="project_by_organization"),
        )

    def clean(self) -> None:
        """Here and not on the column: a column's validator would stand in a migration."""
        super().clean()
        try:
            validate_assignments(self.assignments)
        except ValidationError as error:
            raise ValidationError({"assignments": error.messages}) from error


class OrganizationGrant(Grant):
    """A group's grant on an organization."""

    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE)

    class Meta(Grant.Meta):
        abstract = False


class ProjectGrant(Grant):
    """A group's grant on a project."""

    content_object = models.ForeignKey(Project, on_delete=models.CASCADE)

    class Meta(Grant.Meta):
        abstract = False
