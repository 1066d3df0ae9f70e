"""The resources of our kinds: each view is one path."""

from django.http import HttpRequest, HttpResponseBase

from api.kubernetes import changing, reading, watching
from api.kubernetes.door import door, kind_of, require_route
from api.kubernetes.status import Problem
from manifests import resources
from manifests.kinds import Kind
from rbacadmin.policy import Action, Actor


def action_of(method: str | None, kind: Kind) -> Action:
    """What a method does to a kind, for keys and roles that are held to routes."""
    acts = {"POST": kind.creates, "PUT": kind.changes, "PATCH": kind.changes, "DELETE": kind.deletes}
    return acts.get(method or "", kind.sees)


def opened(request: HttpRequest, actor: Actor, group: str, version: str, plural: str) -> Kind:
    """The kind, when this caller may ask for it here. Raises Problem, PermissionDenied."""
    kind = kind_of(group, version, plural)
    if kind.read_only and request.method not in ("GET", "HEAD"):
        raise Problem(405, "the server does not allow this method on the requested resource")
    require_route(request, actor, action_of(request.method, kind))
    return kind


@door("GET", "POST")
def in_namespace(
    request: HttpRequest, actor: Actor, group: str, version: str, plural: str, namespace: str
) -> HttpResponseBase:
    """/apis/{group}/{version}/namespaces/{namespace}/{plural}"""
    kind = opened(request, actor, group, version, plural)
    if request.method == "POST":
        return changing.create_resource(request, actor, kind, namespace)
    return listed(request, actor, kind, namespace)


@door("GET")
def everywhere(request: HttpRequest, actor: Actor, group: str, version: str, plural: str) -> HttpResponseBase:
    """/apis/{group}/{version}/{plural}"""
    return listed(request, actor, opened(request, actor, group, version, plural), None)


def listed(request: HttpRequest, actor: Actor, kind: Kind, namespace: str | None) -> HttpResponseBase:
    if request.GET.get("watch") in ("true", "1"):
        return watching.watch(request, actor, kind, namespace)
    return reading.collection(request, actor, kind, namespace)


@door("GET", "PUT", "PATCH", "DELETE")
def item(
    request: HttpRequest, actor: Actor, group: str, version: str, plural: str, namespace: str, name: str
) -> HttpResponseBase:
    """/apis/{group}/{version}/namespaces/{namespace}/{plural}/{name}"""
    kind = opened(request, actor, group, version, plural)
    if request.method == "PATCH":
        return changing.patch_resource(request, actor, kind, namespace, name)
    if request.method == "DELETE":
        return changing.delete_resource(request, actor, kind, namespace, name)
    one = resources.find(actor, kind, namespace, name)
    if request.method == "PUT":
        return changing.replace_resource(request, actor, one)
    return reading.item(request, actor, one)


@door("GET", "PUT", "PATCH")
def status(
    request: HttpRequest, actor: Actor, group: str, version: str, plural: str, namespace: str, name: str
) -> HttpResponseBase:
    """/apis/{group}/{version}/namespaces/{namespace}/{plural}/{name}/status"""
    kind = opened(request, actor, group, version, plural)
    one = resources.find(actor, kind, namespace, name)
    if request.method == "GET":
        return reading.item(request, actor, one)
    return changing.change_status(request, actor, one)
