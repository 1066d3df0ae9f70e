"""What organizations, projects and teams have in common as manifests."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from gateway.spent import resets_at, spent
from manifests import references
from manifests.errors import Cause, Invalid, Waiting
from manifests.kinds.fields import Limited, Named, Ref, dollars
from manifests.kinds.kind import CONFIG_ERROR, Column, Declared, Kind, Refs, Seen, Status, Values
from manifests.moments import stamp
from orgs.closing import delete_scopes
from orgs.models import Organization
from rbacadmin import blocking
from rbacadmin.policy import Actor

READY = Column("Ready", ".conditions.Ready", "Whether it is as declared.")
AGE = Column("Age", ".metadata.creationTimestamp", "Since when it is there.", "date")


class ScopeStatus(Status):
    """What is known of an organization, project or team."""

    spend: str | None = Field(default=None, description="Dollars spent in the running period.")
    budgetResetAt: str | None = Field(default=None, description="When the budget starts anew.")
    createdAt: str | None = None
    updatedAt: str | None = None


class ScopeKind(Kind):
    """What the three kinds of scope have in common."""

    alias_field: str

    def common(self, row: Any, allowed: frozenset[str], spends: Mapping[Any, int]) -> Values:
        """The part of the status that all scopes have."""
        return {
            self.alias_field: row.alias,
            self.id_field: row.public_id,
            "spend": dollars(spends.get(row.pk, 0)) if "spend" in allowed else None,
            "budgetResetAt": stamp(resets_at(row)) if "max_budget" in allowed else None,
            "createdAt": stamp(row.created_at) if "created_at" in allowed else None,
            "updatedAt": stamp(row.updated_at) if "updated_at" in allowed else None,
        }

    def readable_fields(self, allowed: frozenset[str]) -> set[str]:
        return super().readable_fields(allowed) | ({"blocked"} if "blocked_by" in allowed else set())

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        spends = spent(rows)
        blocked = {row.pk: {"blocked": True} if row.blocked and "blocked_by" in allowed[row.pk] else {} for row in rows}
        return {row.pk: Seen(blocked[row.pk], self.common(row, allowed[row.pk], spends)) for row in rows}

    def set_blocked(self, actor: Actor, row: Any, wanted: Any) -> Any:
        """Block or unblock, where a manifest says something else than what is."""
        if bool(wanted) == row.blocked:
            return row
        return blocking.block_scope(actor, row) if wanted else blocking.unblock_scope(actor, row)

    def chosen(self, declared: Declared) -> Values:
        """The columns of a new row, with its id where the manifest chooses one."""
        return {**self.column_values(declared.given), "public_id": getattr(declared.spec, self.id_field)}

    def split(self, changes: Values) -> tuple[Values, Values]:
        """The columns that a change sets, and what of it no column holds. Raises Invalid for what stays."""
        rest = {field: value for field, value in changes.items() if field not in self.fields}
        if self.id_field in rest:
            raise self.cannot_change(self.id_field)
        if changes.get(self.alias_field, ...) is None:
            raise Invalid([Cause(f"spec.{self.alias_field}", "Required value", "FieldValueRequired")])
        return self.column_values(changes), rest

    def delete(self, actor: Actor, row: Any) -> None:
        delete_scopes(actor, row)


class Placed(Limited):
    """A spec of something in an organization."""

    organizationRef: Ref | None = Field(default=None, description="The Organization in which it lives.")
    organizationID: Named | None = Field(default=None, description="The same, by the organization's id.")


class PlacedStatus(ScopeStatus):
    """What is known of something in an organization."""

    organizationID: str | None = Field(default=None, description="The id of its organization.")


class PlacedKind(ScopeKind):
    """Teams and projects: their organization is named by reference, or by id."""

    ref_fields = {"organization": ("organizationRef", "organizationID")}

    def targets(self, row: Any) -> dict[str, Any]:
        return {"organization": row.organization_id}

    def organization(self, actor: Actor, spec: Any, namespace: str) -> Organization | None:
        """The organization that a spec names. Raises Waiting when the actor sees none of this name."""
        if spec.organizationRef is not None:
            found: Organization = references.find(
                actor, "Organization", spec.organizationRef, namespace, "organizationRef"
            )
            return found
        if spec.organizationID is None:
            return None
        from manifests.kinds import KINDS

        named = KINDS["Organization"].visible(actor).filter(Organization.named(spec.organizationID)).first()
        if named is None:
            raise Waiting(CONFIG_ERROR, f"organizationID: there is no organization '{spec.organizationID}'.")
        return named

    def resolve(self, actor: Actor, spec: Any, namespace: str) -> Refs:
        super().resolve(actor, spec, namespace)
        return {"organization": self.organization(actor, spec, namespace)}

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        found = super().extras(actor, rows, allowed)
        for row in rows:
            if row.organization is not None:
                found[row.pk].spec["organizationID"] = row.organization.public_id
                found[row.pk].status["organizationID"] = row.organization.public_id
        return found
