"""Lists and single resources, as documents or as the tables that kubectl prints."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from api.kubernetes import selectors, tables
from api.kubernetes.door import json
from api.kubernetes.status import Problem
from manifests import resources, versions
from manifests.kinds import Kind
from manifests.resources import Resource
from rbacadmin.policy import Actor

MOST = 10_000  # resources of one answer; more come page by page

Place = tuple[datetime, UUID]


def collection(request: HttpRequest, actor: Actor, kind: Kind, namespace: str | None) -> HttpResponseBase:
    """What the caller sees of a kind, in a namespace or in all."""
    rest: Place | None = None

    def find() -> Sequence[Resource]:
        nonlocal rest
        found, rest = chosen(request, actor, kind, namespace)
        return found

    fits = selectors.matcher(request.GET)
    steady, position = versions.steady(find)
    documents = [one for one in resources.shown(actor, kind, steady) if fits(one["metadata"])]
    if tables.wants_table(request.headers.get("Accept", "")):
        table = printed(request, kind, documents, str(position))
        return json(table | {"metadata": listing(position, rest)})
    return json(
        {
            "kind": f"{kind.name}List",
            "apiVersion": kind.api_version,
            "metadata": listing(position, rest),
            "items": documents,
        }
    )


def chosen(
    request: HttpRequest, actor: Actor, kind: Kind, namespace: str | None
) -> tuple[Sequence[Resource], Place | None]:
    """The resources to look at: one by name, a page, or (labels cannot be counted beforehand) all."""
    for field, must, value in selectors.fields(request.GET.get("fieldSelector", "")):
        if field == "name" and must:
            return resources.named(actor, kind, namespace, value), None
    size = MOST
    if request.GET.get("limit", "0") not in ("", "0") and not request.GET.get("labelSelector"):
        size = number(request.GET["limit"])
    return resources.page(actor, kind, namespace, after=token_read(request.GET.get("continue", "")), size=size)


def number(text: str) -> int:
    if not text.isdecimal() or not 0 < len(text) < 10:
        raise Problem(400, "limit must be a whole number")
    return min(int(text), MOST) or MOST


def listing(position: int, rest: Place | None) -> dict[str, str]:
    found = {"resourceVersion": str(position)}
    return {**found, "continue": token(rest)} if rest is not None else found


def token(place: Place) -> str:
    """After what the next page begins."""
    return base64.urlsafe_b64encode(f"{place[0].isoformat()} {place[1]}".encode()).decode()


def token_read(text: str) -> Place | None:
    if not text:
        return None
    try:
        moment, pk = base64.urlsafe_b64decode(text.encode()).decode().split(" ")
        return datetime.fromisoformat(moment), UUID(pk)
    except (ValueError, binascii.Error) as error:
        raise Problem(400, "the continue token is not one of ours") from error


def item(request: HttpRequest, actor: Actor, one: Resource) -> HttpResponseBase:
    """One resource."""
    return shown(request, one.kind, document_of(actor, one))


def document_of(actor: Actor, one: Resource) -> dict[str, Any]:
    """The document of what was found or written just now; of what is gone, what it was."""
    found, _ = versions.steady(lambda: versions.again(one) or [one])
    return resources.shown(actor, one.kind, found)[0]


def shown(request: HttpRequest, kind: Kind, document: dict[str, Any], code: int = 200) -> HttpResponseBase:
    """A document, as the client wants it."""
    if tables.wants_table(request.headers.get("Accept", "")):
        return json(printed(request, kind, [document], document["metadata"]["resourceVersion"]), code)
    return json(document, code)


def printed(request: HttpRequest, kind: Kind, documents: Sequence[dict[str, Any]], version: str) -> dict[str, Any]:
    include = request.GET.get("includeObject", "")
    found: dict[str, Any] = tables.table(kind.columns, documents, version=version, include=include)
    return found
