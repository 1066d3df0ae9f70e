"""Examples for /access/*."""

from typing import Any

READS: dict[str, str] = {
    "/access/who-can": "?action=manage_members&kind=team&object={team}",
}

WRITES: dict[str, dict[str, Any]] = {
    "/access/explain": {"action": "delete_teams", "kind": "team", "object": "{team}", "person": "{person}"},
}
