"""What is there of the manifests that are to be applied, read for all of them at once."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from manifests import names, resources
from manifests.documents import Document, checked
from manifests.kinds import KINDS, Kind
from manifests.kinds.kind import Seen
from manifests.models import Manifest
from manifests.plan import Step
from manifests.reading import Entry
from manifests.references import Key
from manifests.resources import Resource, text
from manifests.writing import changes_of, is_said_differently
from rbacadmin.policy import Actor
from rbacadmin.slices import slices

KUBECTL = "kubectl.kubernetes.io/"  # what kubectl keeps in annotations is no declaration

AT_ONCE = 400  # names of one query


@dataclass
class State:
    """Manifests and rows by kind, namespace and name; what the actor sees of the rows; whom references name."""

    actor: Actor
    resources: dict[Key, Resource]
    seen: dict[tuple[str, Any], Seen]
    targets: dict[Key, Any]

    def rows(self, apart: Container[Key]) -> dict[Key, Any]:
        """The rows that the actor sees, apart from those of some manifests."""
        return {key: one.row for key, one in self.resources.items() if one.row is not None and key not in apart}

    def wanted(self, entry: Entry) -> Document:
        """The manifest with what it has never said: that is others' to say, and stays as it is.

        What it said when it was last applied and says no more, is cleared. kubectl keeps to the same rule.
        """
        found, document = self.resources.get(entry.key), entry.document
        seen = self.seen.get((entry.document.kind.name, found.row.pk)) if found and found.row is not None else None
        if found is None or seen is None:
            return document if found is None else kept_beside(document, found.manifest)
        mine = {*document.written, *(found.manifest.spec or {})}
        for fields in document.kind.ref_fields.values():
            if mine & set(fields):
                mine |= set(fields)
        theirs = {field: value for field, value in seen.spec.items() if field not in mine}
        spec, mistakes, _ = checked(document.kind, {**theirs, **document.written})
        if not mistakes:
            document = replace(document, spec=spec, given=spec.model_dump(exclude_unset=True, exclude_none=True))
        return kept_beside(document, found.manifest)

    def is_so(self, step: Entry, owner: str) -> bool:
        """Whether a manifest says nothing new, without asking for anything more."""
        found, document = self.resources.get(step.key), self.wanted(step)
        if found is None or found.row is None or found.manifest.reason or found.manifest.applied_by != owner:
            return False
        manifest, seen = found.manifest, self.seen.get((found.kind.name, found.row.pk))
        if seen is None or manifest.deleted_at or is_said_differently(manifest, document):
            return False
        targets = {ref: text(pk) for ref, pk in found.kind.targets(found.row).items()}
        if self.refs(document, seen.spec, targets) != targets:
            return False
        return not changes_of(self.actor, found.kind, found.row, document, seen)

    def refs(
        self, document: Document, current: Mapping[str, Any], targets: Mapping[str, str | None]
    ) -> dict[str, str | None]:
        """The ids of the rows that a spec refers to: by name, or by an id that says what is."""
        found: dict[str, str | None] = {}
        for ref, fields in document.kind.ref_fields.items():
            field = next((one for one in fields if one in document.given), "")
            named = document.given.get(field)
            if isinstance(named, dict):
                key = (ref.capitalize(), named.get("namespace") or document.namespace, named["name"])
                found[ref] = text(self.targets.get(key))
            elif named is None:
                found[ref] = None
            else:
                found[ref] = targets.get(ref) if current.get(field) == named else ""  # else looked up when applied
        return found


def state_of(actor: Actor, entries: Sequence[Entry]) -> State:
    """Everything that the entries are about. A few queries for each kind, however many they are."""
    wanted: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in entries:
        wanted[one.document.kind.name].add((one.document.namespace, one.document.name))
        for ref, fields in one.document.kind.ref_fields.items():
            for name in fields:
                if isinstance(named := one.document.given.get(name), dict):
                    wanted[ref.capitalize()].add((named.get("namespace") or one.document.namespace, named["name"]))
    found = State(actor, {}, {}, {})
    for kind_name, keys in wanted.items():
        kind = KINDS[kind_name]
        manifests = manifests_of(kind, keys)
        ids = [one.object_id for one in manifests if one.object_id]
        rows = {row.pk: row for part in slices(ids, AT_ONCE) for row in kind.visible(actor).filter(pk__in=part)}
        seen = kind.seen(actor, list(rows.values()))
        for manifest in manifests:
            key = (kind.name, manifest.namespace, manifest.name)
            found.resources[key] = Resource(kind, manifest, rows.get(manifest.object_id))
            found.targets[key] = manifest.object_id
        found.seen |= {(kind.name, pk): told for pk, told in seen.items()}
    return found


def manifests_of(kind: Kind, keys: Iterable[tuple[str, str]]) -> list[Manifest]:
    """The manifests of these names, also of rows that nobody has named yet."""
    named = list(keys)
    if any(namespace == names.home() for namespace, _ in named):
        names.name_all(kind)
    found: list[Manifest] = []
    for part in slices([name for _, name in named], AT_ONCE):
        found += Manifest.objects.filter(kind=kind.name, name__in=part)
    return [one for one in found if (one.namespace, one.name) in set(named)]


def kept_beside(document: Document, manifest: Manifest | None) -> Document:
    """The document with what others keep in the metadata: kubectl its annotations, operators their finalizers."""
    if manifest is None:
        return document
    theirs = {name: value for name, value in manifest.annotations.items() if name.startswith(KUBECTL)}
    finalizers = document.finalizers or manifest.finalizers
    return replace(document, annotations={**theirs, **document.annotations}, finalizers=finalizers)


def show(actor: Actor, steps: Sequence[Step], slot: str) -> None:
    """Put what the actor sees into `before` or `after` of the steps. The same few queries for each kind."""
    by_kind: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.manifest is not None:
            by_kind[step.kind.name].append(step)
    for kind_name, same in by_kind.items():
        kind = KINDS[kind_name]
        found = [Resource(kind, step.manifest, step.row) for step in same if step.manifest is not None]
        for step, document in zip(same, resources.shown(actor, kind, found), strict=True):
            setattr(step, slot, document)
