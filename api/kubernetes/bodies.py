"""What requests carry: JSON (strict, as in every dialect), and for server-side apply also YAML."""

from typing import Any

import yaml
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from rest_framework.exceptions import ParseError

from api import parser
from api.kubernetes.status import Problem
from manifests.kinds import Kind

JSON, YAML = "application/json", "application/yaml"


class PlainLoader(yaml.SafeLoader):
    """YAML without anchors: one that stands for itself many times over is small to send and endless to read."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Problem(400, "YAML aliases are not taken here")
        return super().compose_node(parent, index)


def media_of(request: HttpRequest) -> str:
    return (request.content_type or "").lower()


def content(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise Problem(413, f"Request entity too large: limit is {parser.MAX_BODY}") from error


def read(request: HttpRequest, *medias: str) -> dict[str, Any]:
    """The body as an object. Raises Problem (400, 413, 415)."""
    media = media_of(request)
    if media not in (medias or (JSON, YAML, "")):
        accepted = ", ".join(medias or (JSON, YAML))
        raise Problem(
            415, f"the body of the request was in an unknown format - accepted media types include: {accepted}"
        )
    body = content(request)
    return from_yaml(body) if media.endswith("yaml") else parsed(body)


def parsed(body: bytes) -> dict[str, Any]:
    try:
        return parser.parse(body)
    except ParseError as error:
        raise Problem(400, str(error.detail)) from error


def from_yaml(body: bytes) -> dict[str, Any]:
    """One object from YAML, of which JSON is a part: clients that apply send either."""
    try:
        return parser.parse(body)
    except ParseError:
        pass
    try:
        found = yaml.load(body.decode(), PlainLoader)  # noqa: S506  (a SafeLoader)
        for text in parser.strings_of(found):
            parser.check_text(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "the body is neither JSON nor YAML") from error
    except ParseError as error:
        raise Problem(400, str(error.detail)) from error
    if not isinstance(found, dict):
        raise Problem(400, "the body must be an object")
    return found


def array(request: HttpRequest) -> list[Any]:
    """The body as a list."""
    found = parsed(b'{"list":' + content(request) + b"}")["list"]
    if not isinstance(found, list):
        raise Problem(400, "the body must be a list")
    return found


def require_about(document: dict[str, Any], kind: Kind, namespace: str, name: str | None = None) -> None:
    """Raise Problem (400) unless a manifest is of the kind, and stands where the path says."""
    said = (document.get("apiVersion"), document.get("kind"))
    if said != (kind.api_version, kind.name):
        raise Problem(400, f"the object provided is {said[0]}, {said[1]}, not {kind.api_version}, {kind.name}")
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return
    if metadata.get("namespace") not in (None, "", namespace):
        raise Problem(400, "the namespace of the provided object does not match the namespace sent on the request")
    if name is not None and metadata.get("name") not in (None, name):
        raise Problem(400, f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})")
