"""Examples for /management/v1/*."""

from typing import Any

READS: dict[str, str] = {}
WRITES: dict[str, dict[str, Any]] = {}
