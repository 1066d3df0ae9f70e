"""One strict JSON parser for every dialect. What it lets through, the database and the logs can hold."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

MAX_BODY = 1_048_576
MAX_DEPTH = 32


class StrictJSONParser(BaseParser):
    """Refuses what lenient parsers let through and databases choke on: each of these was a 500 somewhere."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body as a dict. Raises ParseError (400) with a sentence that says what is wrong."""
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise ParseError(f"The body is larger than {MAX_BODY} bytes.")
        return parse(body)


def parse(body: bytes) -> dict[str, Any]:
    """A JSON object from bytes; an empty body is an empty object. Raises ParseError."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError("The body is not UTF-8.") from error
    if not text.strip():
        return {}
    try:
        found = json.loads(text, object_pairs_hook=unique, parse_constant=refuse_constant, parse_float=finite)
    except ParseError:
        raise
    except RecursionError as error:
        raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.") from error
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ParseError(f"The body is not valid JSON{where}.") from error
    if not isinstance(found, dict):
        raise ParseError("The body must be a JSON object.")
    for string in strings_of(found):
        check_text(string)
    return found


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A dict, unless a name stands twice: two readers would see two different requests."""
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ParseError(f"The name {twice[:100]!r} stands twice in one object.")
    return found


def refuse_constant(name: str) -> Any:
    raise ParseError(f"{name} is not JSON.")


def finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ParseError("A number is too large.")
    return number


def strings_of(value: Any) -> Iterator[str]:
    """Every string in the value, names included. Raises ParseError below the deepest level allowed."""
    todo: list[tuple[Any, int]] = [(value, 1)]
    while todo:
        item, depth = todo.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict | list):
            if depth > MAX_DEPTH:
                raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
            if isinstance(item, dict):
                yield from item
                item = item.values()
            todo.extend((inner, depth + 1) for inner in item)


def check_text(text: str) -> None:
    if "\0" in text:
        raise ParseError("NUL characters are not allowed.")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ParseError("Lone surrogates are not allowed.")


def parameters(request: Request) -> dict[str, Any]:
    """Query and body as one: on any method a parameter may stand in either. Raises ParseError when they disagree.

    An empty query parameter is one that was not given; one given several times is a list.
    """
    body = dict(request.data)
    query = {
        name: values if len(values) > 1 else values[0] for name, values in request.query_params.lists() if any(values)
    }
    for name, value in query.items():
        if name in body and not agree(body[name], value):
            raise ParseError(f"The parameter {name[:100]!r} says one thing in the query and another in the body.")
    return {**query, **body}


def agree(inner: Any, outer: str | list[str]) -> bool:
    """Whether a value of the body and the text of a query parameter mean the same."""
    if isinstance(inner, list) and isinstance(outer, list):
        return len(inner) == len(outer) and all(agree(*pair) for pair in zip(inner, outer, strict=True))
    return inner == outer or json.dumps(inner) == outer
