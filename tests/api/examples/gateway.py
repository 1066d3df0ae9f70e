"""Examples for /gateway/*."""

from typing import Any

READS: dict[str, str] = {}

WRITES: dict[str, dict[str, Any]] = {
    "/gateway/usage": {"events": [{"request_id": "r-1", "model": "gpt-4o"}]},
    "/gateway/check": {"key": "sk-unknown", "model": "gpt-4o", "estimate": {"prompt_tokens": 10}},
}
