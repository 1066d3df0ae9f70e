"""Which route, and which model, the address of a call names.

The same address must mean the same here and at the upstream: whatever two servers may read differently is refused.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from gateway.routes import METHODS, OPERATIONS

MAX_ADDRESS = 2048
# The model stands before the operation, and may hold slashes.
DEPLOYMENT = re.compile(rf"/(?:openai/)?(?:v1/)?(?:deployments|engines)/(.+?)/({OPERATIONS})")
MODEL = re.compile(r"/(?:v1/)?models/(.+)")
# Google's way: the method stands behind a colon. Elsewhere a colon belongs to the name (`llama3:8b`).
METHOD = re.compile(rf"/v1(?:beta\d?)?/models/(.+):(?:{METHODS})")
# What lists models calls none. Everything else is a call, so that no way around admission is left open by an omission.
LISTS = frozenset({"/models", "/v1/models"})
# Dots that climb, empty parts, backslashes, control characters, and an escape within the escape.
AMBIGUOUS = re.compile(r"//|/\.\.?(?:/|$)|\\|[\x00-\x1f\x7f]|%[0-9a-fA-F]{2}")


class Unclear(Exception):
    """400: the call does not say beyond doubt what is called. The text is for the caller."""


class Address(NamedTuple):
    """What an address says. `model` is empty when the path names none; `lists` when it only lists models."""

    route: str
    model: str
    lists: bool


@lru_cache(maxsize=4096)
def address_of(uri: str) -> Address:
    """What the original path, with or without its query, names. Raises Unclear."""
    raw, _mark, query = uri.partition("?")
    if len(uri) > MAX_ADDRESS or not raw.startswith("/") or "#" in uri:
        raise Unclear("The address is missing, too long or no path.")
    try:
        found = address_of_path(unquote(raw, errors="strict") if raw.isascii() else "")
    except UnicodeDecodeError:
        return address_of_path("")
    return with_query(found, query)


def with_query(address: Address, query: str) -> Address:
    """The same with the model that the query names (`/v1/realtime?model=...`). Raises Unclear when they are two."""
    if "model" not in query.lower() and "%" not in query:
        return address
    pairs = parse_qsl(query, keep_blank_values=True)
    named = {value for name, value in pairs if name.casefold() == "model"} | ({address.model} - {""})
    if address.lists or not named:
        return address
    if len(named) > 1 or "" in named:
        raise Unclear("The address names different models.")
    return address._replace(model=named.pop())


@lru_cache(maxsize=4096)
def address_of_path(path: str) -> Address:
    """The same for a path that was unescaped once already. Raises Unclear."""
    if not path or len(path) > MAX_ADDRESS or AMBIGUOUS.search(path):
        raise Unclear("The path is not one that every server reads alike.")
    if path in LISTS:
        return Address(path, "", True)
    if found := METHOD.fullmatch(path):
        return Address(path, found[1], False)
    if found := DEPLOYMENT.fullmatch(path):
        return Address(f"/v1/{found[2]}", found[1], False)
    if found := MODEL.fullmatch(path):
        return Address(path, found[1], False)
    return Address(path, "", False)


def address_asked(path: str, prefix: str, beside: str) -> Address:
    """The original address: behind ours at `prefix` with its query beside it, or all of it beside. Raises Unclear."""
    if not path.startswith(prefix):
        return address_of(beside)
    try:  # WSGI hands over unescaped bytes as if they were Latin-1
        found = address_of_path(path[len(prefix) :].encode("latin-1").decode())
    except UnicodeError:
        raise Unclear("The path is not UTF-8.") from None
    return with_query(found, beside)
