"""Watches: what the caller sees of a kind, as it changes. One stream each, fed from the record of changes."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from api.kubernetes import selectors, status, streams, tables
from api.kubernetes.status import Problem
from manifests import resources, versions
from manifests.feed import PAUSE, feed, since
from manifests.kinds import Kind
from manifests.resources import Resource
from rbacadmin import stopping
from rbacadmin.policy import Actor

LONGEST, USUAL = 600, 300  # seconds: clients watch again by themselves, and prove anew who they are
WHOLE = 2_000  # resources of which the last state is remembered, for the event that they are gone
BEATS = 0.5  # seconds after which a silent watch gives a sign of life: hanging up goes unnoticed until then


def watch(request: HttpRequest, actor: Actor, kind: Kind, namespace: str | None) -> HttpResponseBase:
    """GET with watch=true. Raises Problem: 429 when there are too many, 422 for what is not offered."""
    if request.GET.get("sendInitialEvents"):
        raise Problem(422, "sendInitialEvents is not offered: list first, then watch")
    asked = request.GET.get("timeoutSeconds", "")
    seconds = min(int(asked), LONGEST) if asked.isdecimal() and len(asked) < 10 else USUAL
    streams.take(actor.principal)
    try:
        stream = Watch(request, actor, kind, namespace, seconds)
    except BaseException:
        streams.give(actor.principal)
        raise
    streams.release()
    response = StreamingHttpResponse(stream, content_type="application/json")
    response["X-Accel-Buffering"] = "no"
    return response


class Watch(Iterator[bytes]):
    """The events of one watch as lines; b"" while there are none. Closing it gives its place back, once."""

    def __init__(self, request: HttpRequest, actor: Actor, kind: Kind, namespace: str | None, seconds: int) -> None:
        self.actor, self.kind, self.namespace = actor, kind, namespace
        self.fits = selectors.matcher(request.GET)
        self.printed = tables.wants_table(request.headers.get("Accept", ""))
        self.include = request.GET.get("includeObject", "")
        self.known: dict[str, dict[str, Any]] = {}  # by uid: the last state that was told
        self.rows: dict[str, str] = {}  # by uid: the id of the row
        self.lines: deque[bytes] = deque()
        self.until = time.monotonic() + seconds
        self.closed = False
        self.count = feed.join()
        try:
            self.start(request.GET.get("resourceVersion", ""))
        except BaseException:
            feed.leave()
            raise

    def start(self, version: str) -> None:
        """Tell what happened since the version that the client knows; everything, to one that knows nothing."""
        if version not in ("", "0") and (not version.isdecimal() or len(version) > 18):
            raise Problem(400, f"resourceVersion: Invalid value: {version[:50]!r}")
        position = int(version or 0)
        documents = self.documents(self.everything)
        try:
            ops = since(position) if position else {}
        except LookupError:
            self.lines.append(line("ERROR", status.status_of(410, f"too old resource version: {version}")))
            self.until = 0
            return
        for document in documents:
            self.remember(document)
            metadata = document["metadata"]
            if int(metadata["resourceVersion"]) > position:
                is_new = not position or ops.get(metadata["uid"]) == "created"
                self.tell("ADDED" if is_new else "MODIFIED", document)
        for manifest in resources.gone(self.actor, self.kind, self.namespace, set(ops)) if ops else ():
            self.tell("DELETED", stub(self.actor, Resource(self.kind, manifest, version=position + 1)))

    def __next__(self) -> bytes:
        if not self.lines:
            if self.closed or stopping.stopping.is_set() or time.monotonic() >= self.until:
                self.close()
                raise StopIteration
            stopping.stopping.wait(max(PAUSE, BEATS))
            try:
                self.look()
            finally:
                streams.release()
        return self.lines.popleft() if self.lines else b""

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            feed.leave()
            streams.give(self.actor.principal)

    def look(self) -> None:
        """Tell what is new. Whoever is seen by others now, or sees others, is told by what they see."""
        try:
            self.count, heard = feed.after(self.count)
        except LookupError:
            self.lines.append(line("ERROR", status.status_of(410, "too much has happened: list again")))
            self.until = 0
            return
        if not heard:
            return
        version, ids = str(max(seq for seq, _, _ in heard)), {object_id for _, object_id, _ in heard}
        before, self.actor = self.actor, self.actor.reread()
        if not self.actor.active:
            self.lines.append(line("ERROR", status.status_of(401, "Unauthorized")))
            self.until = 0
            return
        if (before.roles, before.platform_role, before.reach) != (
            self.actor.roles,
            self.actor.platform_role,
            self.actor.reach,
        ):
            self.compare(self.documents(self.everything), set(self.known), version)
        else:
            found = self.documents(lambda: resources.about(self.actor, self.kind, self.namespace, ids))
            self.compare(found, {uid for uid, last in self.known.items() if uid in ids or last["row"] in ids}, version)

    def compare(self, documents: Sequence[dict[str, Any]], asked: set[str], version: str) -> None:
        """Tell of these documents, and of what was asked for and is none of them."""
        seen = set()
        for document in documents:
            uid = document["metadata"]["uid"]
            seen.add(uid)
            last = self.known.get(uid)
            if last is None or last["version"] != document["metadata"]["resourceVersion"]:
                self.tell("ADDED" if last is None else "MODIFIED", document)
            self.remember(document)
        for uid in asked - seen:
            last = self.known.pop(uid)
            document = last["document"]
            document["metadata"]["resourceVersion"] = version
            self.tell("DELETED", document)

    def everything(self) -> list[Resource]:
        return resources.listed(self.actor, self.kind, self.namespace)

    def documents(self, find: Callable[[], list[Resource]]) -> list[dict[str, Any]]:
        found, _ = versions.steady(find)
        self.rows = {str(one.manifest.pk): str(one.manifest.object_id) for one in found}
        return [one for one in resources.shown(self.actor, self.kind, found) if self.fits(one["metadata"])]

    def remember(self, document: dict[str, Any]) -> None:
        metadata = document["metadata"]
        kept = document if len(self.known) < WHOLE else {**document, "spec": {}, "status": {}}
        self.known[metadata["uid"]] = {
            "version": metadata["resourceVersion"],
            "row": self.rows[metadata["uid"]],
            "document": kept,
        }

    def tell(self, event: str, document: dict[str, Any]) -> None:
        if self.printed:
            version = document["metadata"]["resourceVersion"]
            told = tables.table(self.kind.columns, [document], version=version, include=self.include)
            self.lines.append(line(event, told))
        else:
            self.lines.append(line(event, document))


def stub(actor: Actor, one: Resource) -> dict[str, Any]:
    """What is left to say of a resource that is gone."""
    document = resources.document(one, None, told=one.kind.tells(actor, one.manifest))
    return {**document, "spec": {}}


def line(event: str, found: dict[str, Any]) -> bytes:
    return json.dumps({"type": event, "object": found}).encode() + b"\n"
