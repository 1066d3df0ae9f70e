"""The URL map, flat."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, get_resolver


class Found(NamedTuple):
    """One pattern of the map: the whole route as written, its name, and its view."""

    route: str
    name: str
    view: Any


def walk(patterns: Any = None, prefix: str = "", namespace: str = "") -> Iterator[Found]:
    """Every pattern, included ones with the prefix under which they hang."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Found(route, f"{namespace}{pattern.name}" if pattern.name else "", pattern.callback)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, route, inner)
