"""Our kinds as OpenAPI: what `explain` prints and what clients check manifests with. Made from the kinds themselves."""

import functools
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from api.kubernetes.door import door, groups, require_route
from api.kubernetes.protobuf import field
from api.kubernetes.status import Problem
from manifests.kinds import KINDS, VERSION, Kind
from rbacadmin.policy import Actor

# Kubernetes' clients ask for `...spec.v2@v1.0+protobuf`; Go does not parse its own name when it comes back like that.
V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
FREE = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
KEPT = ("type", "description", "enum", "format", "minimum", "maximum", "maxLength", "minLength", "maxItems")


def schema_of(kind: Kind) -> dict[str, Any]:
    """The schema of a kind, without references."""
    metadata = "Its name, namespace, labels, annotations and finalizers."
    return {
        "type": "object",
        "description": kind.description,
        "required": ["spec"] if not kind.read_only else [],
        "properties": {
            "apiVersion": {"type": "string", "description": "The version of this schema."},
            "kind": {"type": "string", "description": kind.name},
            "metadata": {"type": "object", "description": metadata},
            "spec": structure(kind.spec.model_json_schema()),
            "status": structure(kind.status.model_json_schema()),
        },
    }


def structure(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of pydantic's as Kubernetes has them: written out, without null, and every value of one type."""
    definitions = schema.get("$defs", {})

    def plain(part: dict[str, Any]) -> dict[str, Any]:
        options = [option for option in part.get("anyOf", []) if option.get("type") != "null"]
        if options:
            part = {**options[0], **{name: value for name, value in part.items() if name in KEPT}}
        if "$ref" in part:
            named = definitions[part["$ref"].rsplit("/", 1)[-1]]
            part = {**named, **{name: value for name, value in part.items() if name in KEPT}}
        found = {name: part[name] for name in KEPT if name in part}
        if "properties" in part:
            found["properties"] = {name: plain(inner) for name, inner in part["properties"].items()}
            if part.get("required"):
                found["required"] = part["required"]
        elif part.get("type") == "object":
            inner = part.get("additionalProperties")
            found |= {"additionalProperties": plain(inner)} if isinstance(inner, dict) and inner else FREE
        if part.get("type") == "array":
            found["items"] = plain(part.get("items", {})) or FREE
        return found

    return plain(schema)


def gvk(kind: Kind) -> dict[str, str]:
    return {"group": kind.group, "kind": kind.name, "version": VERSION}


def definition_name(kind: Kind) -> str:
    return ".".join([*reversed(kind.group.split(".")), VERSION, kind.name])


def path_of(kind: Kind) -> str:
    return f"/apis/{kind.group}/{VERSION}/namespaces/{{namespace}}/{kind.plural}/{{name}}"


@door("GET")
def v3(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """GET /openapi/v3: where the schema of each group is."""
    require_route(request, actor, None)
    paths = {
        f"apis/{group}/{VERSION}": {"serverRelativeURL": f"/openapi/v3/apis/{group}/{VERSION}?hash={hash_of(group)}"}
        for group in groups()
    }
    return JsonResponse({"paths": paths})


@door("GET")
def v3_of_group(request: HttpRequest, actor: Actor, group: str, version: str) -> HttpResponseBase:
    """GET /openapi/v3/apis/{group}/{version}"""
    require_route(request, actor, None)
    if group not in groups() or version != VERSION:
        raise Problem(404, "the server could not find the requested resource")
    return HttpResponse(document_of(group), content_type="application/json")


@functools.cache
def hash_of(group: str) -> str:
    return hashlib.sha256(document_of(group).encode()).hexdigest()[:32].upper()


@functools.cache
def document_of(group: str) -> str:
    kinds = groups()[group]
    schemas = {
        definition_name(kind): {**schema_of(kind), "x-kubernetes-group-version-kind": [gvk(kind)]} for kind in kinds
    }
    return json.dumps(
        {
            "openapi": "3.0.0",
            "info": {"title": "rbacadmin", "version": VERSION},
            "paths": {path_of(kind): operations(kind) for kind in kinds},
            "components": {"schemas": schemas},
        }
    )


def operations(kind: Kind) -> dict[str, Any]:
    """What clients look for: how a resource is read, and that patches can be rehearsed and checked by the server."""
    reference = {"$ref": f"#/components/schemas/{definition_name(kind)}"}
    answer = {"200": {"description": "OK", "content": {"application/json": {"schema": reference}}}}
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in PARAMETERS]
    about = {"x-kubernetes-group-version-kind": gvk(kind), "responses": answer}
    return {
        "get": {**about, "operationId": f"read{kind.name}", "x-kubernetes-action": "get"},
        "patch": {**about, "operationId": f"patch{kind.name}", "x-kubernetes-action": "patch", "parameters": asked},
    }


PARAMETERS = ("dryRun", "fieldManager", "fieldValidation", "force")


@door("GET")
def v2(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """GET /openapi/v2, in protobuf: kubectl before 1.28 checks manifests with it, and reads nothing else."""
    require_route(request, actor, None)
    return HttpResponse(v2_document(), content_type=V2)


# The numbers are those of the fields in gnostic's OpenAPIv2.proto.


@functools.cache
def v2_document() -> bytes:
    info = field(1, "rbacadmin") + field(2, VERSION)
    paths = b"".join(field(2, field(1, path_of(kind)) + field(2, v2_path(kind))) for kind in KINDS.values())
    schemas = b"".join(
        field(1, field(1, definition_name(kind)) + field(2, v2_schema(schema_of(kind)) + extension(31, [gvk(kind)])))
        for kind in KINDS.values()
    )
    return field(1, "2.0") + field(2, info) + field(8, paths) + field(9, schemas)


def v2_path(kind: Kind) -> bytes:
    """The patch of a kind, with its parameters: without `dryRun` kubectl 1.20 refuses `diff`."""
    parameters = b"".join(
        field(8, field(1, field(2, field(3, field(2, "query") + field(4, name)))))
        for name in ("dryRun", "fieldManager")
    )
    return field(8, parameters + extension(13, gvk(kind)))


def extension(number: int, value: Any) -> bytes:
    """`x-kubernetes-group-version-kind`, as YAML, of which JSON is a part."""
    return field(number, field(1, "x-kubernetes-group-version-kind") + field(2, field(2, json.dumps(value))))


def v2_schema(schema: dict[str, Any]) -> bytes:
    return b"".join(v2_parts(schema))


def v2_parts(schema: dict[str, Any]) -> Iterator[bytes]:
    """The fields of a Schema message."""
    if "description" in schema:
        yield field(4, schema["description"])
    for name in schema.get("required", []):
        yield field(19, name)
    inner = schema.get("additionalProperties")
    if isinstance(inner, dict):
        yield field(21, field(1, v2_schema(inner)))
    if "type" in schema:
        yield field(22, field(1, schema["type"]))
    if "items" in schema:
        yield field(23, field(1, v2_schema(schema["items"])))
    if "properties" in schema:
        held = schema["properties"].items()
        yield field(25, b"".join(field(1, field(1, name) + field(2, v2_schema(part))) for name, part in held))
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        yield field(31, field(1, "x-kubernetes-preserve-unknown-fields") + field(2, field(2, "true")))
