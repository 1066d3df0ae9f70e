"""Selectors: of labels (`a=b,c in (d, e),!f`) and of fields (`metadata.name=x`)."""

import re
from collections.abc import Callable
from typing import Any

from api.kubernetes.status import Problem

Test = Callable[[dict[str, str]], bool]

SPLIT = re.compile(r",(?![^(]*\))")
SET = re.compile(r"^(\S+)\s+(in|notin)\s*\(([^)]*)\)$")
EQUAL = re.compile(r"^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$")
EXISTS = re.compile(r"^(!?)\s*([^=!\s(),]+)$")
FIELDS = ("metadata.name", "metadata.namespace")
MOST = 50


def labels(text: str) -> list[Test]:
    """The tests that a label selector stands for. Raises Problem (400)."""
    parts = [part.strip() for part in SPLIT.split(text) if part.strip()]
    if len(parts) > MOST:
        raise Problem(400, f"a selector takes at most {MOST} requirements")
    return [label(part) for part in parts]


def label(part: str) -> Test:
    """One requirement on labels."""
    if found := SET.match(part):
        name, word, values = found[1], found[2], {value.strip() for value in found[3].split(",")}
        if word == "in":
            return lambda held: held.get(name) in values
        return lambda held: held.get(name) not in values
    if found := EQUAL.match(part):
        name, word, value = found[1], found[2], found[3]
        if word == "!=":
            return lambda held: held.get(name) != value
        return lambda held: held.get(name) == value
    if found := EXISTS.match(part):
        without, name = bool(found[1]), found[2]
        return lambda held: (name in held) is not without
    raise Problem(400, f"unable to parse requirement: {part[:100]!r}")


def fields(text: str) -> list[tuple[str, bool, str]]:
    """Field, whether it must be so, and the value. Raises Problem (400) for fields that cannot be selected by."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = EQUAL.match(part)
        if match is None or match[1] not in FIELDS:
            raise Problem(400, f"field label not supported: {part[:100]!r}; known: {', '.join(FIELDS)}")
        found.append((match[1].removeprefix("metadata."), match[2] != "!=", match[3]))
    return found


def matcher(query: Any) -> Callable[[dict[str, Any]], bool]:
    """Whether metadata fits the selectors of a query."""
    tests, wanted = labels(query.get("labelSelector", "")), fields(query.get("fieldSelector", ""))

    def fits(metadata: dict[str, Any]) -> bool:
        if any((metadata.get(field) == value) is not must for field, must, value in wanted):
            return False
        held = metadata.get("labels", {})
        return all(test(held) for test in tests)

    return fits
