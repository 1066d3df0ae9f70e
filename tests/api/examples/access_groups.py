"""Examples for /access_group/*."""

from typing import Any

READS: dict[str, str] = {}

WRITES: dict[str, dict[str, Any]] = {
    "/access_group/new": {"access_group": "cheap", "model_names": ["gpt-4o"]},
    "/access_group/{access_group}/update": {"model_names": ["gpt-4o"]},
    "/access_group/{access_group}/delete": {},
}
