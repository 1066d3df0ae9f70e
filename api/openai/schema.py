"""The calls of models in the schema. Their full shape is OpenAI's; here stands what we read of it."""

from typing import Any

from api.openai.urls import VIEWS

TEXT, COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}
LENGTH = "the most tokens of an answer; when it is left out, the longest one that the model gives is reserved"
GENERATING = {
    "max_tokens": {**COUNT, "description": LENGTH},
    "max_completion_tokens": {**COUNT, "description": "the same, and goes first"},
    "n": {**COUNT, "description": "answers"},
    "stream": {"type": "boolean"},
    "stream_options": {"type": "object", "properties": {"include_usage": {"type": "boolean"}}},
}
COMMON = {
    "model": {**TEXT, "minLength": 1, "maxLength": 255, "description": "a model, an alias, or what a wildcard covers"},
    "user": {**TEXT, "maxLength": 255, "description": "for whom it is: the customer"},
    "tags": {"type": "array", "items": TEXT, "description": "to find the call again"},
    "metadata": {"type": "object", "description": "its `tags` count too"},
}
MANY = {"oneOf": [TEXT, {"type": "array", "items": {}}]}
ASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "chat/completions": ("messages", {"type": "array", "items": {"type": "object"}, "minItems": 1}),
    "completions": ("prompt", MANY),
    "embeddings": ("input", MANY),
}
SUMMARIES = {
    "chat/completions": "Call a model with messages",
    "completions": "Call a model with a text to go on with",
    "embeddings": "Turn texts into vectors",
}
MEANINGS = {
    "400": "Does not fit, or the catalog has no such model; `param` names it",
    "401": "No key, or one that opens nothing",
    "403": "A level above the call does not allow the model or the route",
    "413": "The body is larger than 8 MB",
    "422": "A budget is spent; the message says whose",
    "429": "A limit of requests, tokens or parallel calls; `retry-after` says when",
    "502": "The provider failed",
    "503": "Too many calls at once, or the provider is not available",
    "504": "The provider did not answer in time",
}


def add_calls(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular, which finds only its own kind of view."""
    for prefix in ("/", "/v1/"):
        for route in VIEWS:
            result["paths"][f"{prefix}{route}"] = {"post": operation(prefix, route)}
    return result


def operation(prefix: str, route: str) -> dict[str, Any]:
    """One route, with or without the version in front."""
    name, what = ASKS[route]
    more = {} if route == "embeddings" else GENERATING
    body = {"type": "object", "required": ["model", name], "properties": {**COMMON, name: what, **more}}
    answers = {"application/json": {"schema": {"type": "object"}}}
    streams = {} if route == "embeddings" else {"text/event-stream": {"schema": TEXT}}
    envelope = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorEnvelope"}}}
    return {
        "operationId": f"{prefix}{route}".strip("/").replace("/", "_"),
        "summary": SUMMARIES[route],
        "description": "OpenAI's protocol: fields that do not stand here go on to the provider.",
        "tags": ["calls"],
        "security": [{"key": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {"description": "The answer", "content": {**answers, **streams}},
            **{status: {"description": meaning, "content": envelope} for status, meaning in MEANINGS.items()},
        },
    }
