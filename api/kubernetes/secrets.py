"""core/v1 Secrets: those of new keys, for whoever made them, each once."""

import base64
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from api.kubernetes import tables
from api.kubernetes.core import AGE, listing
from api.kubernetes.door import door, json, require_route
from api.kubernetes.status import Problem
from manifests import key_secrets
from manifests.kinds.kind import Column
from manifests.models import KeySecret
from manifests.moments import stamp
from rbacadmin.policy import Action, Actor

COLUMNS = [
    Column("Type", ".type", "What sort of secret it is."),
    Column("Data", ".count", "How many entries it has.", "integer"),
    AGE,
]
ENDS = "rbacadmin/expires-at"


@door("GET")
def everywhere(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """GET /api/v1/secrets"""
    return listed(request, actor, None)


@door("GET")
def in_namespace(request: HttpRequest, actor: Actor, namespace: str) -> HttpResponseBase:
    """GET /api/v1/namespaces/{namespace}/secrets"""
    return listed(request, actor, namespace)


def listed(request: HttpRequest, actor: Actor, namespace: str | None) -> HttpResponseBase:
    """The secrets that the caller can still have, without what they hold."""
    require_route(request, actor, Action.VIEW_KEYS)
    if request.GET.get("watch") in ("true", "1"):
        raise Problem(405, "secrets are not watched: each is there for one look")
    found = key_secrets.mine(actor)
    rows = found.filter(namespace=namespace) if namespace else found
    return listing(request, "Secret", "v1", [document(row) for row in rows], COLUMNS)


@door("GET")
def item(request: HttpRequest, actor: Actor, namespace: str, name: str) -> HttpResponseBase:
    """GET /api/v1/namespaces/{namespace}/secrets/{name}: the secret, once. A table shows that it is there."""
    require_route(request, actor, Action.VIEW_KEYS)
    if tables.wants_table(request.headers.get("Accept", "")) or request.method != "GET":
        row = key_secrets.mine(actor).filter(namespace=namespace, name=name).first()
        if row is None:
            raise Problem(404, f'secrets "{name}" not found')
        return json(tables.table(COLUMNS, [document(row)], version="1"))
    row, secret = key_secrets.take(actor, namespace=namespace, name=name)
    shown = {name: value for name, value in document(row).items() if name != "count"}
    return json(shown | {"data": {"key": base64.b64encode(secret.encode()).decode()}})


def document(row: KeySecret) -> dict[str, Any]:
    metadata = {
        "name": row.name,
        "namespace": row.namespace,
        "uid": str(row.pk),
        "resourceVersion": "1",
        "creationTimestamp": stamp(row.created_at),
        "annotations": {ENDS: stamp(row.expires_at)},
    }
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "count": 1}
