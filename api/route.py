"""What one route of a dialect is: a row of its tables."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from rbacadmin.policy import Action

BODY_METHODS = ("POST", "PUT", "PATCH", "DELETE")
GET, POST, PATCH, DELETE = ("GET",), ("POST",), ("PATCH",), ("DELETE",)


@dataclass(frozen=True)
class Route:
    """One operation. URLs, OpenAPI, error envelopes, method aliases, tests and route presets are made from it."""

    path: str
    methods: tuple[str, ...]  # the first is the one that documentation names
    action: Action | None  # what it does; None when it needs no right of its own
    request: type[BaseModel]
    response: type[BaseModel]
    call: Callable[[Any, Any], Any]
    envelope: str  # which of the dialect's error shapes
    summary: str
    page: Literal["", "array", "size", "page_size", "links"] = ""  # how a list is cut (litellm.md 1.3)
    wire: Mapping[str, str] | None = None  # column -> name in this dialect, where it differs
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
        return self.wire or {}

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
