"""Patches: merge (RFC 7396), JSON (RFC 6902), and server-side apply."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest

from api.kubernetes import bodies
from api.kubernetes.status import Problem
from api.litellm.merging import merged
from manifests.errors import Cause
from manifests.resources import Resource

MERGE, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
MOST = 10_000  # operations of one patch, as Kubernetes has it

Path = tuple[str, ...]


def after(request: HttpRequest, before: dict[str, Any]) -> dict[str, Any]:
    """The document that a patch makes of another. Raises Problem."""
    media = bodies.media_of(request)
    if media == MERGE:
        found: dict[str, Any] = merged(before, bodies.read(request, MERGE))
        return found
    if media == JSON_PATCH:
        return operated(before, bodies.array(request))
    raise Problem(
        415,
        "the body of the request was in an unknown format - accepted media types include: "
        f"{JSON_PATCH}, {MERGE}, {APPLY}",
    )


def names_version(request: HttpRequest) -> bool:
    """Whether a patch insists on a version itself."""
    return b'"resourceVersion"' in bodies.content(request)


def operated(before: dict[str, Any], operations: list[Any]) -> dict[str, Any]:
    """The document after a JSON patch. Raises Problem (422) for an operation that does not fit."""
    if len(operations) > MOST:
        raise Problem(413, f"a patch takes at most {MOST} operations")
    found: dict[str, Any] = {"": copy.deepcopy(before)}
    for operation in operations:
        try:
            operate(found, operation)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Problem(422, "the server rejected our request due to an error in our request") from error
    if not isinstance(found[""], dict):
        raise Problem(422, "a patch must leave an object")
    document: dict[str, Any] = found[""]
    return document


def operate(root: dict[str, Any], operation: Mapping[str, Any]) -> None:
    """One operation, on the document at "" of `root`. Raises KeyError, IndexError, TypeError, ValueError."""
    verb, path = operation["op"], steps(operation["path"])
    if verb == "add":
        add(root, path, copy.deepcopy(operation["value"]))
    elif verb == "remove":
        take(root, path)
    elif verb == "replace":
        take(root, path)
        add(root, path, copy.deepcopy(operation["value"]))
    elif verb == "move":
        add(root, path, take(root, steps(operation["from"])))
    elif verb == "copy":
        add(root, path, copy.deepcopy(get(root, steps(operation["from"]))))
    elif verb == "test":
        if get(root, path) != operation["value"]:
            raise ValueError("the test failed")
    else:
        raise ValueError("an unknown operation")


def steps(pointer: str) -> list[str]:
    """A JSON pointer, from the root down."""
    if pointer and not pointer.startswith("/"):
        raise ValueError("no pointer")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")]


def place(holder: Any, step: str, *, end: bool = False) -> Any:
    """Where a step leads in a list; names of objects are what they are."""
    if not isinstance(holder, list):
        return step
    if step == "-" and end:
        return len(holder)
    if not step.isdecimal() or int(step) > len(holder) - (not end):
        raise IndexError(step)
    return int(step)


def get(root: Any, path: list[str]) -> Any:
    for step in path:
        root = root[place(root, step)]
    return root


def take(root: Any, path: list[str]) -> Any:
    holder = get(root, path[:-1])
    return holder.pop(place(holder, path[-1]))


def add(root: Any, path: list[str], value: Any) -> None:
    holder = get(root, path[:-1])
    if isinstance(holder, list):
        holder.insert(place(holder, path[-1], end=True), value)
    else:
        holder[path[-1]] = value


# Server-side apply: who applied which fields is kept for each manager, so that what one leaves out the next time goes.


def manager_of(request: HttpRequest) -> str:
    name = request.GET.get("fieldManager", "")
    if not name:
        raise Problem(
            400, "PatchOptions.meta.k8s.io is invalid: fieldManager: Required value: is required for apply patch"
        )
    return name[:128]


def owned(body: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a manifest that its manager owns."""
    metadata = body.get("metadata") or {}
    kept = {part: metadata[part] for part in ("labels", "annotations", "finalizers") if metadata.get(part)}
    return {"metadata": kept, "spec": body.get("spec") or {}}


def applied(
    request: HttpRequest, one: Resource, before: dict[str, Any], body: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document that applying makes, and what each manager owns then. Raises Problem (409) for others' fields."""
    manager, managers = manager_of(request), dict(one.manifest.managers)
    mine, last = owned(body), managers.get(manager, {})
    wanted = dict(leaves(mine))
    theirs = {path: name for name, held in managers.items() if name != manager for path, _ in leaves(held)}
    if request.GET.get("force") not in ("true", "1"):
        refuse_conflicts(before, wanted, theirs)
    else:
        managers = {name: without(held, wanted) if name != manager else held for name, held in managers.items()}
    found = copy.deepcopy(before)
    for path, _ in leaves(last):
        if path not in wanted and path not in theirs:
            drop(found, path)
    for path, value in wanted.items():
        put(found, path, value)
    version = (body.get("metadata") or {}).get("resourceVersion")
    if version:
        found["metadata"]["resourceVersion"] = version
    return found, {**managers, manager: mine}


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every field with its value. Lists are one value, as in a custom resource."""
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from leaves(item, (*path, str(name)))
    elif path and not (isinstance(value, Mapping) and len(path) < 2):
        yield path, value


def refuse_conflicts(before: dict[str, Any], wanted: Mapping[Path, Any], theirs: Mapping[Path, str]) -> None:
    """Raise Problem (409) when a field that somebody else applied would get another value."""
    causes = [
        Cause("." + ".".join(path), f'conflict with "{theirs[path]}"', "FieldManagerConflict")
        for path, value in wanted.items()
        if path in theirs and at(before, path) != value
    ]
    if causes:
        several = f"{len(causes)} conflicts" if len(causes) > 1 else "1 conflict"
        words = "; ".join(f"{cause.message}: {cause.field}" for cause in causes)
        raise Problem(409, f"Apply failed with {several}: {words}", causes=causes)


def at(value: Any, path: Path) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def put(found: dict[str, Any], path: Path, value: Any) -> None:
    for name in path[:-1]:
        inner = found.get(name)
        if not isinstance(inner, dict):
            inner = found[name] = {}
        found = inner
    found[path[-1]] = copy.deepcopy(value)


def drop(found: dict[str, Any], path: Path) -> None:
    """Take a field away, and what is empty without it."""
    holders = [found]
    for name in path[:-1]:
        inner = holders[-1].get(name)
        if not isinstance(inner, dict):
            return
        holders.append(inner)
    holders[-1].pop(path[-1], None)
    for holder, name in zip(reversed(holders[:-1]), reversed(path[:-1]), strict=True):
        if holder.get(name) == {} and len(holders) > 2:
            holder.pop(name)


def without(held: dict[str, Any], wanted: Mapping[Path, Any]) -> dict[str, Any]:
    left = copy.deepcopy(held)
    for path, _ in leaves(held):
        if path in wanted:
            drop(left, path)
    return left
