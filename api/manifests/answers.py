"""What the manifest routes answer."""

from typing import Any

from api.types import Response


class StepShown(Response):
    """What becomes of one manifest. `fields` are those of the spec that differ: before and after."""

    kind: str
    namespace: str
    name: str
    outcome: str
    reason: str | None = None
    file: str | None = None
    line: int | None = None
    fields: dict[str, list[Any]]


class PartShown(Response):
    area: str
    action: str
    count: int


class ShiftShown(Response):
    """What somebody may do afterwards and not before, and the other way round."""

    person: str
    gained: list[PartShown]
    lost: list[PartShown]


class PlanShown(Response):
    """`plan` names it: give it back as `expect`. `people` are the first of `people_count` whom it concerns."""

    plan: str
    applied: bool
    owner: str
    counts: dict[str, int]
    steps: list[StepShown]
    people: list[ShiftShown]
    people_count: int


class ManifestDocument(Response):
    """A manifest as it can be applied again."""

    apiVersion: str
    kind: str
    metadata: dict[str, Any]
    spec: dict[str, Any]


class Manifests(Response):
    """`left_out` is what no manifest can say as it is, each with the reason: keys without a name."""

    manifests: list[ManifestDocument]
    left_out: list[str]


class Template(Response):
    name: str
    description: str
    content: str


class Templates(Response):
    templates: list[Template]
