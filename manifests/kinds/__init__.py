"""Every kind of manifest, by its name and by its plural."""

from manifests.kinds.instances import InstanceKind, ModelKind
from manifests.kinds.keys import KeyKind
from manifests.kinds.kind import AUTH, INSTANCES, VERSION, Kind
from manifests.kinds.memberships import AssociationKind
from manifests.kinds.organizations import OrganizationKind
from manifests.kinds.people import USER
from manifests.kinds.projects import ProjectKind
from manifests.kinds.teams import TeamKind

__all__ = ("AUTH", "BY_PLURAL", "DECLARED_ACTIONS", "INSTANCES", "KINDS", "VERSION", "Kind")

# In the order in which they refer to each other: what is applied from a file is applied in this order.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *(InstanceKind(), ModelKind()),
        *(OrganizationKind(), ProjectKind(), TeamKind(), USER, AssociationKind(), KeyKind()),
    )
}
BY_PLURAL = {(kind.group, kind.plural): kind for kind in KINDS.values()}

# What whoever declared something that still waits may do with that: there is nothing else yet to ask about.
DECLARED_ACTIONS = frozenset(
    action
    for kind in KINDS.values()
    if not kind.read_only
    for action in (kind.sees, kind.creates, kind.changes, kind.deletes)
)
