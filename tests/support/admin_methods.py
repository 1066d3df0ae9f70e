"""Every method of the administration part of OpenAI's Python client, found by walking its resources."""

import inspect
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from openai import OpenAI

BESIDE = {"extra_headers", "extra_query", "extra_body", "timeout"}


def walk(resource: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Name (`projects.users.create`) and bound method of each."""
    for name, found in inspect.getmembers(type(resource)):
        if name.startswith(("_", "with_")):
            continue
        if isinstance(found, cached_property | property):
            yield from walk(getattr(resource, name), f"{prefix}{name}.")
        elif inspect.isfunction(found):
            yield f"{prefix}{name}", getattr(resource, name)


def methods(client: OpenAI) -> dict[str, Any]:
    return dict(walk(client.admin.organization))


def needed(method: Any) -> dict[str, Any]:
    """Something for every argument that a call cannot do without: which, is of no matter."""
    wanted = inspect.signature(method).parameters.values()
    return {one.name: "x" for one in wanted if one.default is one.empty and one.name not in BESIDE}
