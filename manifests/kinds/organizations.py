"""Organizations as manifests."""

from typing import Any

from pydantic import Field

from manifests.kinds.fields import LIMITS, Flag, Limited, Named
from manifests.kinds.kind import Column, Declared, Values
from manifests.kinds.scopes import AGE, READY, ScopeKind, ScopeStatus
from orgs import services as orgs
from orgs.models import Organization
from rbacadmin.policy import Action, Actor


class OrganizationSpec(Limited):
    """An organization: a tenant with teams and projects."""

    organizationAlias: Named = Field(description="Its name.")
    organizationID: Named | None = Field(
        default=None, description="Its id, chosen by platform admins; cannot be changed."
    )
    blocked: Flag | None = Field(default=None, description="Whether calls through it are refused.")


class OrganizationStatus(ScopeStatus):
    organizationAlias: str | None = None
    organizationID: str | None = None


class OrganizationKind(ScopeKind):
    name, plural, short = "Organization", "organizations", ("llmorg",)
    description = "A tenant: people, teams, projects and what they may use and spend together."
    spec, status, model = OrganizationSpec, OrganizationStatus, Organization
    alias_field, id_field = "organizationAlias", "organizationID"
    fields = {**LIMITS, "organizationAlias": "alias"}
    kept = frozenset({"connectionRef", "organizationID"})
    columns = (
        READY,
        Column("Alias", ".spec.organizationAlias", "Its name."),
        Column("Budget", ".spec.maxBudget", "Dollars."),
        Column("Spend", ".status.spend", "Dollars in the running period.", priority=1),
        Column("ID", ".status.organizationID", "Its id.", priority=1),
        AGE,
    )
    sees, creates = Action.SEE_ORGANIZATIONS, Action.CREATE_ORGANIZATIONS
    changes, deletes = Action.CHANGE_ORGANIZATIONS, Action.DELETE_ORGANIZATIONS

    def create(self, actor: Actor, declared: Declared) -> Organization:
        row = orgs.create_organization(actor, **self.chosen(declared))
        return self.set_blocked(actor, row, declared.spec.blocked)

    def update(self, actor: Actor, row: Any, changes: Values, declared: Declared) -> Organization:
        columns, rest = self.split(changes)
        row = orgs.update_organization(actor, row, **columns) if columns else row
        return self.set_blocked(actor, row, rest["blocked"]) if "blocked" in rest else row
