"""The little of Kubernetes' own resources that clients ask for: namespaces, events, definitions."""

import time
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from api.kubernetes import bodies, tables
from api.kubernetes.door import door, json, require_route
from api.kubernetes.status import Problem
from api.kubernetes.streams import give, release, take
from api.kubernetes.watching import BEATS, LONGEST, USUAL
from manifests import names
from manifests.feed import position
from manifests.kinds import KINDS
from manifests.kinds.kind import Column
from manifests.resources import namespaces_of
from rbacadmin import stopping
from rbacadmin.policy import Actor

EPOCH = "1970-01-01T00:00:00Z"
PHASE = Column("Status", ".status.phase", "The phase of the namespace.")
AGE = Column("Age", ".metadata.creationTimestamp", "Since when it is there.", "date")


@door("GET")
def namespaces(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """GET /api/v1/namespaces: those in which the caller sees something, and the home of all rows."""
    require_route(request, actor, None)
    if request.GET.get("watch") in ("true", "1"):
        return idle(request, actor)
    found = sorted({names.home()}.union(*(namespaces_of(actor, kind) for kind in KINDS.values())))
    return listing(request, "Namespace", "v1", [namespace_of(name) for name in found], [PHASE, AGE])


@door("GET")
def namespace(request: HttpRequest, actor: Actor, name: str) -> HttpResponseBase:
    """GET /api/v1/namespaces/{name}: every namespace is there as soon as somebody names it."""
    require_route(request, actor, None)
    found = namespace_of(name)
    if tables.wants_table(request.headers.get("Accept", "")):
        return json(tables.table([PHASE, AGE], [found], version="1"))
    return json({"apiVersion": "v1", "kind": "Namespace", **found})


def namespace_of(name: str) -> dict[str, Any]:
    metadata = {"name": name, "uid": name, "resourceVersion": "1", "creationTimestamp": EPOCH}
    return {"metadata": metadata, "spec": {}, "status": {"phase": "Active"}}


@door("GET", "POST")
def events(request: HttpRequest, actor: Actor, namespace: str = "") -> HttpResponseBase:
    """/api/v1/events: none are kept (the audit log is the record); what operators post is taken and forgotten."""
    require_route(request, actor, None)
    if request.method == "POST":
        return json(bodies.read(request), 201)
    return listing(request, "Event", "v1", [], [])


@door("GET")
def definitions(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions: our kinds are built in."""
    require_route(request, actor, None)
    if request.GET.get("watch") in ("true", "1"):
        return idle(request, actor)
    return listing(request, "CustomResourceDefinition", "apiextensions.k8s.io/v1", [], [])


def listing(
    request: HttpRequest, kind: str, api_version: str, items: list[dict[str, Any]], columns: list[Column]
) -> HttpResponseBase:
    version = str(position())
    if tables.wants_table(request.headers.get("Accept", "")):
        return json(tables.table(columns, items, version=version))
    return json(
        {"kind": f"{kind}List", "apiVersion": api_version, "metadata": {"resourceVersion": version}, "items": items}
    )


def idle(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A watch in which nothing happens: what it is about does not change."""
    if request.GET.get("sendInitialEvents"):
        raise Problem(422, "sendInitialEvents is not offered: list first, then watch")
    asked = request.GET.get("timeoutSeconds", "")
    seconds = min(int(asked), LONGEST) if asked.isdecimal() and len(asked) < 10 else USUAL
    take(actor.principal)
    release()
    return StreamingHttpResponse(Silence(actor.principal, seconds), content_type="application/json")


class Silence(Iterator[bytes]):
    """Signs of life until the time is over."""

    def __init__(self, principal: str, seconds: int) -> None:
        self.principal, self.until, self.closed = principal, time.monotonic() + seconds, False

    def __next__(self) -> bytes:
        if self.closed or stopping.stopping.wait(BEATS) or time.monotonic() >= self.until:
            self.close()
            raise StopIteration
        return b""

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            give(self.principal)
