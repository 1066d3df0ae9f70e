"""What one route of the dialect is: a row of the tables in `*/routes.py`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from api.litellm import translate
from api.litellm.translate import wire_names
from rbacadmin.policy import Action

WIRE = {
    "organization": wire_names(translate.ORGANIZATION),
    "project": wire_names(translate.PROJECT),
    "team": wire_names(translate.TEAM),
    "user": {**wire_names(translate.USER), "role": "user_role"},
    "key": {**wire_names(translate.KEY), "expires_at": "duration"},
    "model": {"name": "model_name", "public_id": "id"},
    "budget": {"public_id": "budget_id"},
    "customer": {"public_id": "user_id", "name": "alias"},
    "end_user": {"public_id": "user_id", "name": "alias"},
    "access_group": {"name": "access_group", "models": "model_names"},
}
Envelope = Literal["error", "detail", "problem"]
ERROR: Envelope = "error"  # the envelopes of litellm.md 1.2; what does not fit a model is the fourth
DETAIL: Envelope = "detail"
PROBLEM: Envelope = "problem"  # RFC 7807, under /management/v1
BODY_METHODS = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """One operation. URLs, OpenAPI, error envelopes, method aliases, tests and route presets are made from it."""

    path: str
    methods: tuple[str, ...]  # the first is the one that documentation names
    action: Action | None  # what it does; None when it needs no right of its own
    request: type[BaseModel]
    response: type[BaseModel]
    call: Callable[[Any, Any], Any]
    envelope: Envelope
    summary: str
    page: Literal["", "array", "size", "page_size", "links"] = ""  # how a list is cut (litellm.md 1.3)
    wire: Mapping[str, str] | None = None  # column -> name in this dialect, where it differs from the tag's
    public: bool = False
    duplicate_status: int = 400
    media: tuple[str, ...] = ()  # what comes instead of JSON; then `response` is one line of it
    deep: bool = False  # the id in the path may hold slashes

    @property
    def tag(self) -> str:
        return re.sub(r"^/v\d+", "", self.path).strip("/").split("/")[0]

    @property
    def names(self) -> Mapping[str, str]:
        """Columns under their names in this dialect, for messages."""
        return WIRE.get(self.tag, {}) if self.wire is None else self.wire

    @property
    def pattern(self) -> str:
        """The path as Django's URL patterns write it: `key/<str:key>/regenerate`."""
        return re.sub(r"{(\w+)}", r"<path:\1>" if self.deep else r"<str:\1>", self.path.lstrip("/"))

    @property
    def name(self) -> str:
        """The URL name and operation id: `key-generate`."""
        return re.sub(r"[^\w]+|_", "-", self.path.strip("/{}"))

    @property
    def writes(self) -> bool:
        return self.action is not None and not self.action.is_read

    def reads_body(self, method: str | None) -> bool:
        return method in BODY_METHODS


GET, POST, PATCH = ("GET",), ("POST",), ("PATCH",)
READS = ("GET", "POST")  # rulebook 28
UPDATES = ("POST", "PATCH")
DELETES = ("POST", "DELETE")
