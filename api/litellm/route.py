"""What one route of the dialect is: a row of the tables in `*/routes.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from api import route
from api.litellm import translate
from api.litellm.translate import wire_names
from api.route import GET, PATCH, POST

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
READS = ("GET", "POST")  # rulebook 28
UPDATES = ("POST", "PATCH")
DELETES = ("POST", "DELETE")
__all__ = ["DELETES", "DETAIL", "ERROR", "GET", "PATCH", "POST", "PROBLEM", "READS", "UPDATES", "WIRE", "Route"]


@dataclass(frozen=True)
class Route(route.Route):
    """One operation. URLs, OpenAPI, error envelopes, method aliases, tests and route presets are made from it."""

    @property
    def names(self) -> Mapping[str, str]:
        """Columns under their names in this dialect, for messages: those of the tag, unless the row says others."""
        return WIRE.get(self.tag, {}) if self.wire is None else self.wire
