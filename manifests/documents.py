"""A manifest as somebody wrote it: checked against its kind, with all its mistakes at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pydantic

from manifests.errors import INVALID, REQUIRED, UNKNOWN, UNSUPPORTED, Cause, Invalid
from manifests.kinds import Kind
from manifests.kinds.kind import Declared, Refs, Values

NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
LABEL = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")
QUALIFIED = re.compile(r"([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
MOST_ANNOTATED = 262_144  # characters, as Kubernetes has it
MOST = 100  # finalizers
# Of metadata, what the server writes: it is read over, because clients send whole objects back.
SERVERS = frozenset(
    {
        *("uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields"),
        *("deletionGracePeriodSeconds", "selfLink", "generateName", "ownerReferences"),
    }
)
OURS = frozenset({"name", "namespace", "labels", "annotations", "finalizers"})
TOP = frozenset({"apiVersion", "kind", "metadata", "spec", "status"})


@dataclass(frozen=True)
class Document:
    """A manifest that fits its kind. `written` is the spec as it was written, `given` its validated fields."""

    kind: Kind
    namespace: str
    name: str
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    finalizers: list[str] = field(default_factory=list)
    written: Values = field(default_factory=dict)
    given: Values = field(default_factory=dict)
    spec: Any = None
    unknown: tuple[str, ...] = ()  # fields that were left out because no kind has them

    def declared(self, refs: Refs) -> Declared:
        return Declared(self.spec, self.given, refs, self.namespace, self.name, {})


def read(kind: Kind, document: Mapping[str, Any], *, namespace: str, strict: bool = True) -> Document:
    """Check a manifest. Raises Invalid with every mistake; without `strict` unknown fields are left out instead."""
    causes: list[Cause] = []
    unknown = [name for name in document if name not in TOP]
    metadata = document.get("metadata")
    if not isinstance(metadata, Mapping):
        metadata = {}
        causes.append(Cause("metadata", "Required value", REQUIRED))
    unknown += [f"metadata.{name}" for name in metadata if name not in SERVERS | OURS]
    causes += list(misfits_of(metadata, namespace))
    written = document.get("spec", {})
    if not isinstance(written, Mapping):
        written = {}
        causes.append(Cause("spec", "must be an object", INVALID))
    written = without_nulls(written)
    spec, more, extra = checked(kind, written)
    causes += more
    unknown += extra
    if strict:
        causes += [Cause(name, f'unknown field "{name}"', UNKNOWN) for name in unknown]
    if causes:
        raise Invalid(causes)
    for name in extra:
        drop(written, name.split(".")[1:])
    return Document(
        kind,
        namespace,
        str(metadata["name"]),
        dict(metadata.get("labels") or {}),
        dict(metadata.get("annotations") or {}),
        list(dict.fromkeys(metadata.get("finalizers") or [])),
        written,
        spec.model_dump(exclude_unset=True, exclude_none=True),
        spec,
        tuple(unknown),
    )


def without_nulls(value: Any) -> Any:
    """A null says nothing: Kubernetes drops it before it looks."""
    if isinstance(value, Mapping):
        return {str(name): without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def checked(kind: Kind, written: Values) -> tuple[Any, list[Cause], list[str]]:
    """The spec, its mistakes, and the names in it that are no fields."""
    try:
        return kind.spec.model_validate(written), [], []
    except pydantic.ValidationError as error:
        found = error.errors(include_url=False, include_context=True, include_input=True)
    unknown = [".".join(map(str, ("spec", *one["loc"]))) for one in found if one["type"] == "extra_forbidden"]
    causes = [cause_of(one) for one in found if one["type"] != "extra_forbidden"]
    if causes:
        return None, causes, unknown
    left = without_nulls(written)
    for name in unknown:
        drop(left, name.split(".")[1:])
    return kind.spec.model_validate(left), [], unknown


def cause_of(misfit: Any) -> Cause:
    """A mistake that pydantic found, in Kubernetes' words."""
    where = ".".join(map(str, ("spec", *misfit["loc"])))
    if misfit["type"] == "missing":
        return Cause(where, "Required value", REQUIRED)
    text = str(misfit["msg"]).removeprefix("Value error, ")
    if misfit["type"] == "literal_error" or "is no role" in text:
        return Cause(where, f'Unsupported value: "{misfit["input"]}": {text}', UNSUPPORTED)
    shown = misfit["input"] if isinstance(misfit["input"], str | int | float) else "..."
    return Cause(where, f'Invalid value: "{str(shown)[:100]}": {text}', INVALID)


def drop(written: Any, path: list[str]) -> None:
    """Leave out what stands at a path."""
    *above, last = path
    for name in above:
        written = written[int(name)] if isinstance(written, list) else written[name]
    written.pop(last, None)


def misfits_of(metadata: Mapping[str, Any], namespace: str) -> Iterable[Cause]:
    """What is wrong with the metadata."""
    name = metadata.get("name")
    if not name:
        yield Cause("metadata.name", "Required value: name is required", REQUIRED)
    elif not isinstance(name, str) or len(name) > 253 or not NAME.fullmatch(name):
        yield Cause("metadata.name", f'Invalid value: "{name}": must be a lower-case name: letters, digits, "-", "."')
    if not NAMESPACE.fullmatch(namespace):
        yield Cause("metadata.namespace", f'Invalid value: "{namespace}": must be a DNS label')
    for part in ("labels", "annotations"):
        found = metadata.get(part) or {}
        if not isinstance(found, Mapping) or not all(isinstance(item, str) for item in found.values()):
            yield Cause(f"metadata.{part}", "must be an object from names to texts")
            continue
        for key, value in found.items():
            if not QUALIFIED.fullmatch(str(key)):
                yield Cause(f"metadata.{part}", f'Invalid value: "{key}": is no name of a label or annotation')
            if part == "labels" and (len(value) > 63 or not LABEL.fullmatch(value)):
                yield Cause("metadata.labels", f'Invalid value: "{value}": is no value of a label')
        if sum(len(str(key)) + len(value) for key, value in found.items()) > MOST_ANNOTATED:
            yield Cause(f"metadata.{part}", f"must be at most {MOST_ANNOTATED} characters")
    finalizers = metadata.get("finalizers") or []
    if not isinstance(finalizers, list) or len(finalizers) > MOST:
        yield Cause("metadata.finalizers", f"must be a list of at most {MOST} names")
    elif not all(isinstance(one, str) and QUALIFIED.fullmatch(one) for one in finalizers):
        yield Cause("metadata.finalizers", "must be a list of qualified names")
