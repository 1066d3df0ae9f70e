"""Projects as manifests."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from pydantic import Field

from manifests.errors import Cause, Invalid
from manifests.kinds.fields import LIMITS, Flag, Named, Part
from manifests.kinds.kind import Column, Declared, Refs, Seen, Values
from manifests.kinds.scopes import AGE, READY, Placed, PlacedKind, PlacedStatus
from orgs import services as orgs
from orgs.models import Project
from rbacadmin.policy import Action, Actor


class NodeLabel(Part):
    """A label that nodes must have."""

    key: Named
    value: str


class Assignment(Part):
    """Where jobs of a project run."""

    namespace: Named
    clusterID: str | None = None
    kueueQueueName: str | None = None
    nodeSelector: list[NodeLabel] | None = None


ASSIGNED = {"namespace": "namespace", "clusterID": "cluster_id", "kueueQueueName": "kueue_queue_name"}
ASSIGNED |= {"nodeSelector": "node_selector"}


class ProjectSpec(Placed):
    """A project of an organization."""

    projectAlias: Named = Field(description="Its name.")
    projectID: Named | None = Field(default=None, description="Its id, chosen by platform admins; cannot be changed.")
    blocked: Flag | None = Field(default=None, description="Whether calls through it are refused.")
    kubernetesNamespace: Named | None = Field(default=None, description="The namespace in which its jobs run.")
    assignments: list[Assignment] | None = Field(default=None, description="Where its jobs run, cluster by cluster.")


class ProjectStatus(PlacedStatus):
    projectAlias: str | None = None
    projectID: str | None = None


class ProjectKind(PlacedKind):
    name, plural, short = "Project", "projects", ("llmproj",)
    description = "A part of an organization with its own members, keys and budget."
    spec, status, model = ProjectSpec, ProjectStatus, Project
    alias_field, id_field = "projectAlias", "projectID"
    fields = {**LIMITS, "projectAlias": "alias", "kubernetesNamespace": "kubernetes_namespace"}
    kept = frozenset({"connectionRef", "projectID"})
    columns = (
        READY,
        Column("Alias", ".spec.projectAlias", "Its name."),
        Column("Organization", ".status.organizationID", "The id of its organization."),
        Column("Budget", ".spec.maxBudget", "Dollars."),
        Column("Spend", ".status.spend", "Dollars in the running period.", priority=1),
        Column("ID", ".status.projectID", "Its id.", priority=1),
        AGE,
    )
    sees, creates = Action.VIEW_PROJECTS, Action.CREATE_PROJECTS
    changes, deletes = Action.CHANGE_PROJECTS, Action.DELETE_PROJECTS

    def queryset(self) -> QuerySet[Project]:
        return Project.objects.select_related("organization")

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        found = super().extras(actor, rows, allowed)
        for row in rows:
            if row.assignments and "assignments" in allowed[row.pk]:
                found[row.pk].spec["assignments"] = [
                    {field: entry[name] for field, name in ASSIGNED.items() if name in entry}
                    for entry in row.assignments
                ]
        return found

    def readable_fields(self, allowed: frozenset[str]) -> set[str]:
        return super().readable_fields(allowed) | ({"assignments"} if "assignments" in allowed else set())

    def resolve(self, actor: Actor, spec: Any, namespace: str) -> Refs:
        refs = super().resolve(actor, spec, namespace)
        if refs["organization"] is None:
            raise Invalid([Cause("spec.organizationRef", "Required value: a project is in one", "FieldValueRequired")])
        return refs

    def placement(self, assignments: Any) -> Values:
        entries = [{ASSIGNED[field]: item for field, item in entry.items()} for entry in assignments or []]
        return {"assignments": entries}

    def create(self, actor: Actor, declared: Declared) -> Project:
        values = self.chosen(declared) | self.placement(declared.given.get("assignments"))
        row = orgs.create_project(actor, declared.refs["organization"], **values)
        return self.set_blocked(actor, row, declared.spec.blocked)

    def update(self, actor: Actor, row: Any, changes: Values, declared: Declared) -> Project:
        columns, rest = self.split(changes)
        if declared.refs["organization"] != row.organization:
            raise self.cannot_change("organizationRef")
        if "assignments" in rest:
            columns |= self.placement(rest["assignments"])
        row = orgs.update_project(actor, row, **columns) if columns else row
        return self.set_blocked(actor, row, rest["blocked"]) if "blocked" in rest else row
