"""Examples for /gateway/*."""

from typing import Any

READS: dict[str, str] = {}

WRITES: dict[str, dict[str, Any]] = {
    "/gateway/check": {"key": "sk-unknown", "model": "gpt-4o", "estimate": {"prompt_tokens": 10}},
}
