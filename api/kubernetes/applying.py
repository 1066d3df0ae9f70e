"""Server-side apply: who applied which fields is kept by manager, so that what one leaves out the next time goes."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest

from api.kubernetes.status import Problem
from manifests.errors import Cause
from manifests.resources import Resource

Path = tuple[str, ...]


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
