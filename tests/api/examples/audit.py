"""Examples for /audit."""

from typing import Any

READS: dict[str, str] = {
    "/audit": "?page_size=100&outcome=refused",
    "/audit/export": "?format=csv",
}

WRITES: dict[str, dict[str, Any]] = {}
