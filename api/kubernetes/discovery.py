"""What there is: versions, groups, and the resources of each group."""

import platform
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from api.kubernetes.door import door, groups, json, require_route
from api.kubernetes.status import Problem
from manifests.kinds import VERSION, Kind
from rbacadmin.policy import Actor

WRITES = ["create", "delete", "patch", "update"]
READS = ["get", "list", "watch"]
CRDS = "apiextensions.k8s.io"  # for operators that look for definitions now and then: there are none
REVIEWS = {
    "authorization.k8s.io": (
        ("selfsubjectaccessreviews", "SelfSubjectAccessReview"),
        ("selfsubjectrulesreviews", "SelfSubjectRulesReview"),
    ),
    "authentication.k8s.io": (("selfsubjectreviews", "SelfSubjectReview"),),
}


@login_not_required
def version(request: HttpRequest) -> HttpResponseBase:
    """GET /version: the version of Kubernetes whose ways of speaking these are."""
    return JsonResponse(
        {
            "major": "1",
            "minor": "33",
            "gitVersion": f"v1.33.0+rbacadmin.{settings.SPECTACULAR_SETTINGS['VERSION']}",
            "gitCommit": "",
            "gitTreeState": "clean",
            "buildDate": "1970-01-01T00:00:00Z",
            "goVersion": "",
            "compiler": platform.python_implementation().lower(),
            "platform": f"{platform.system().lower()}/{platform.machine()}",
        }
    )


@door("GET")
def core_versions(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """GET /api"""
    require_route(request, actor, None)
    return json({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})


def resource(name: str, kind: str, verbs: list[str], *, namespaced: bool = True, **more: Any) -> dict[str, Any]:
    return {"name": name, "singularName": kind.lower(), "namespaced": namespaced, "kind": kind, "verbs": verbs, **more}


CORE = [
    resource("namespaces", "Namespace", READS, namespaced=False, shortNames=["ns"]),
    resource("secrets", "Secret", ["get", "list"]),
    resource("events", "Event", ["create", "get", "list"], shortNames=["ev"]),
]


@door("GET")
def core_resources(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """GET /api/v1"""
    require_route(request, actor, None)
    return json({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1", "resources": CORE})


def versions_of() -> dict[str, str]:
    """Every group with its one version."""
    return {**dict.fromkeys(groups(), VERSION), **dict.fromkeys((*REVIEWS, CRDS), "v1")}


def group_of(name: str, its_version: str) -> dict[str, Any]:
    known = {"groupVersion": f"{name}/{its_version}", "version": its_version}
    return {"name": name, "versions": [known], "preferredVersion": known}


@door("GET")
def api_groups(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """GET /apis"""
    require_route(request, actor, None)
    found = [group_of(name, its_version) for name, its_version in versions_of().items()]
    return json({"kind": "APIGroupList", "apiVersion": "v1", "groups": found})


@door("GET")
def api_group(request: HttpRequest, actor: Actor, group: str) -> HttpResponseBase:
    """GET /apis/{group}"""
    require_route(request, actor, None)
    if group not in versions_of():
        raise Problem(404, "the server could not find the requested resource")
    return json({"kind": "APIGroup", "apiVersion": "v1", **group_of(group, versions_of()[group])})


@door("GET")
def group_resources(request: HttpRequest, actor: Actor, group: str, version: str) -> HttpResponseBase:
    """GET /apis/{group}/{version}"""
    require_route(request, actor, None)
    if versions_of().get(group) != version:
        raise Problem(404, "the server could not find the requested resource")
    if group in REVIEWS:
        found = [resource(name, kind, ["create"], namespaced=False) for name, kind in REVIEWS[group]]
    elif group == CRDS:
        found = [resource("customresourcedefinitions", "CustomResourceDefinition", READS, namespaced=False)]
    else:
        found = [entry for kind in groups()[group] for entry in entries(kind)]
    return json(
        {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{group}/{version}", "resources": found}
    )


def entries(kind: Kind) -> list[dict[str, Any]]:
    """A kind and its status, as discovery lists them."""
    verbs = sorted([*READS, *([] if kind.read_only else WRITES)])
    own = resource(kind.plural, kind.name, verbs, shortNames=list(kind.short), categories=["litellm"])
    if kind.read_only:
        return [own]
    beneath = resource(f"{kind.plural}/status", kind.name, ["get", "patch", "update"]) | {"singularName": ""}
    return [own, beneath]
