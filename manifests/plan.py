"""What applying manifests does: step by step what is made, changed and removed, and who gains or loses what."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from manifests.kinds import Kind
from manifests.kinds.kind import Values
from manifests.models import Manifest
from manifests.reading import Entry

CREATED, ADOPTED, CHANGED, UNCHANGED = "created", "adopted", "changed", "unchanged"
REMOVED, WAITS = "removed", "waits"

Document = dict[str, Any]


@dataclass
class Step:
    """One manifest and what becomes of it. `before` and `after` are the documents; None where there is none."""

    kind: Kind
    namespace: str
    name: str
    outcome: str
    entry: Entry | None = None  # none for what is removed
    manifest: Manifest | None = None
    row: Any = None
    before: Document | None = None
    after: Document | None = None
    reason: str = ""
    same_beside: bool = False  # whether what is written beside the row is as it was
    people: set[Any] = field(default_factory=set)  # ids of who was in a scope that is removed

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind.name, self.namespace, self.name

    @property
    def fields(self) -> dict[str, list[Any]]:
        """What differs, by field of the spec: before and after."""
        old, new = parts_of(self.before), parts_of(self.after)
        names = [*new, *(name for name in old if name not in new)]
        return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


@dataclass(frozen=True)
class Part:
    """One action on one kind of row, and on how many rows it comes or goes."""

    area: str
    action: str
    count: int


@dataclass(frozen=True)
class Shift:
    """What one person gains and loses, as far as the asker sees the rows."""

    person: str
    gained: list[Part]
    lost: list[Part]


@dataclass
class Plan:
    """All steps, and the people whom they concern; of many, the first."""

    owner: str
    steps: list[Step] = field(default_factory=list)
    people: list[Shift] = field(default_factory=list)
    people_count: int = 0
    applied: bool = False

    @property
    def changes(self) -> list[Step]:
        """The steps that do something."""
        return [step for step in self.steps if step.outcome != UNCHANGED]

    @property
    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for step in self.steps:
            found[step.outcome] = found.get(step.outcome, 0) + 1
        return found

    @property
    def digest(self) -> str:
        """The same for the same steps from the same state: what was looked at is what is applied."""
        told = [
            [*step.key, step.outcome, step.reason, parts_of(step.before), parts_of(step.after)] for step in self.changes
        ]
        text = json.dumps([self.owner, told], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def parts_of(document: Document | None) -> Values:
    """The parts of a document that somebody declares: the spec, labels and annotations."""
    if document is None:
        return {}
    metadata = document.get("metadata", {})
    beside = {name: metadata[name] for name in ("labels", "annotations", "finalizers") if metadata.get(name)}
    return {**document.get("spec", {}), **beside}
