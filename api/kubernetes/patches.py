"""Patches: merge (RFC 7396) and JSON (RFC 6902)."""

import copy
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from api.kubernetes import bodies
from api.kubernetes.status import Problem
from api.litellm.merging import merged

MERGE, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
MOST = 10_000  # operations of one patch, as Kubernetes has it


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
