"""Creating, replacing, patching and deleting: one manifest to one service, for real or as a rehearsal."""

import secrets
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from api.kubernetes import applying, bodies, patches, status
from api.kubernetes.door import json
from api.kubernetes.reading import document_of, shown
from api.kubernetes.status import Problem
from manifests import documents, resources, writing
from manifests.documents import Document
from manifests.kinds import Kind
from manifests.resources import Resource
from rbacadmin.errors import Conflict, NotFound
from rbacadmin.policy import Actor

EMPTY: Mapping[str, Any] = {}
TRIES = 5  # of a patch that somebody else is faster than
VALIDATIONS = ("", "Strict", "Warn", "Ignore")
SUFFIX = string.ascii_lowercase + string.digits


@contextmanager
def rehearsed(request: HttpRequest, options: Mapping[str, Any] = EMPTY) -> Iterator[None]:
    """With `dryRun=All`, in the query or in a deletion's options, everything is done, answered, and undone."""
    wanted = [*request.GET.getlist("dryRun"), *(options.get("dryRun") or [])]
    if any(word != "All" for word in wanted):
        raise Problem(400, "dryRun must be All")
    if not wanted:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def read(request: HttpRequest, kind: Kind, document: dict[str, Any], namespace: str) -> Document:
    """The manifest, checked as strictly as the request says."""
    validation = request.GET.get("fieldValidation", "")
    if validation not in VALIDATIONS:
        raise Problem(400, "fieldValidation must be Strict, Warn or Ignore")
    return documents.read(kind, document, namespace=namespace, strict=validation == "Strict")


def warned(request: HttpRequest, response: HttpResponseBase, document: Document) -> HttpResponseBase:
    """Unknown fields that were left out are told of, unless nobody wants to hear."""
    if document.unknown and request.GET.get("fieldValidation") != "Ignore":
        response["Warning"] = ", ".join(f'299 - "unknown field \\"{name[:100]}\\""' for name in document.unknown[:20])
    return response


def create_resource(request: HttpRequest, actor: Actor, kind: Kind, namespace: str) -> HttpResponseBase:
    """POST"""
    body = bodies.read(request)
    bodies.require_about(body, kind, namespace)
    metadata = body.get("metadata")
    if isinstance(metadata, dict) and metadata.get("generateName") and not metadata.get("name"):
        metadata["name"] = str(metadata["generateName"]) + "".join(secrets.choice(SUFFIX) for _ in range(5))
    with rehearsed(request):
        document = read(request, kind, body, namespace)
        made = writing.create_manifest(actor, document)
        response = shown(request, kind, document_of(actor, made), 201)
    return warned(request, response, document)


def replace_resource(request: HttpRequest, actor: Actor, one: Resource) -> HttpResponseBase:
    """PUT"""
    body = bodies.read(request)
    manifest = one.manifest
    bodies.require_about(body, one.kind, manifest.namespace, manifest.name)
    with rehearsed(request):
        return replaced(request, actor, one, body, version_of(body))


def version_of(body: dict[str, Any]) -> int | None:
    """From which version a document was made; None when it does not say."""
    said = (body.get("metadata") or {}).get("resourceVersion")
    if said in (None, ""):
        return None
    if not isinstance(said, str) or not said.isdecimal():
        raise Conflict(writing.STALE, code="stale")
    return int(said)


def replaced(
    request: HttpRequest,
    actor: Actor,
    one: Resource,
    body: dict[str, Any],
    version: int | None,
    managers: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Make the resource what a whole document says, and show it."""
    uid = (body.get("metadata") or {}).get("uid")
    if uid not in (None, "", str(one.manifest.pk)):
        raise Conflict(f"Precondition failed: UID in precondition: {uid}, UID in object meta: {one.manifest.pk}")
    document = read(request, one.kind, body, one.manifest.namespace)
    found = writing.replace_manifest(actor, one.manifest, one.row, document, version=version, managers=managers)
    return warned(request, shown(request, one.kind, document_of(actor, found)), document)


def patch_resource(request: HttpRequest, actor: Actor, kind: Kind, namespace: str, name: str) -> HttpResponseBase:
    """PATCH. What says nothing of a version is tried again when somebody else was faster."""
    tries = 1 if patches.names_version(request) else TRIES
    while True:
        tries -= 1
        try:
            with rehearsed(request):
                response = patched(request, actor, kind, namespace, name)
            return response
        except Conflict as error:
            if error.code != "stale" or not tries:
                raise


def patched(request: HttpRequest, actor: Actor, kind: Kind, namespace: str, name: str) -> HttpResponseBase:
    applies = bodies.media_of(request) == patches.APPLY
    try:
        one = resources.find(actor, kind, namespace, name)
    except NotFound:
        if not applies:
            raise
        return applied_anew(request, actor, kind, namespace, name)
    before = document_of(actor, one)
    if applies:
        body = bodies.read(request, patches.APPLY)
        bodies.require_about(body, kind, namespace, name)
        after, managers = applying.applied(request, one, before, body)
    else:
        after, managers = patches.after(request, before), None
    version = version_of(after)
    if version != version_of(before):
        raise Conflict(writing.STALE, code="stale")
    bodies.require_about(after, kind, namespace, name)
    return replaced(request, actor, one, after, version, managers)


def applied_anew(request: HttpRequest, actor: Actor, kind: Kind, namespace: str, name: str) -> HttpResponseBase:
    """What is applied and not there yet is created."""
    body = bodies.read(request, patches.APPLY)
    bodies.require_about(body, kind, namespace, name)
    body.setdefault("metadata", {})["name"] = name
    document = read(request, kind, body, namespace)
    made = writing.create_manifest(actor, document, managers={applying.manager_of(request): applying.owned(body)})
    return warned(request, shown(request, kind, document_of(actor, made), 201), document)


def delete_resource(request: HttpRequest, actor: Actor, kind: Kind, namespace: str, name: str) -> HttpResponseBase:
    """DELETE: a Status when it is gone; the resource, marked, while finalizers hold it.

    What went along with something else is deleted once more: a file may name the organization before what is in it.
    """
    try:
        one = resources.find(actor, kind, namespace, name)
    except NotFound:
        gone = resources.left_over(actor, kind, namespace, name)
        if gone is None:
            raise
        one = gone
    options = bodies.read(request) if bodies.content(request) else {}
    conditions = options.get("preconditions") or {}
    if conditions.get("uid") not in (None, str(one.manifest.pk)):
        raise Conflict("the UID in the precondition does not match the UID in record", code="precondition")
    version = version_of({"metadata": conditions})
    uid = str(one.manifest.pk)
    with rehearsed(request, options):
        left = writing.delete_manifest(actor, one.manifest, one.row, version=version)
        if left is not None:
            return shown(request, one.kind, document_of(actor, left))
    return json(status.success(one.kind, name, uid))


def change_status(request: HttpRequest, actor: Actor, one: Resource) -> HttpResponseBase:
    """PUT and PATCH of /status: what operators add; what the server says itself stays."""
    before = document_of(actor, one)
    body = bodies.read(request) if request.method == "PUT" else patches.after(request, before)
    stated = body.get("status") or {}
    if not isinstance(stated, dict):
        raise Problem(400, "status must be an object")
    with rehearsed(request):
        found = writing.write_status(actor, one.manifest, one.row, stated)
        return shown(request, one.kind, document_of(actor, found))
