"""What a key's `allowed_routes` mean: paths, patterns and presets, which cap the key whatever its owner may do."""

import re
from collections.abc import Callable, Collection, Iterable

from django.conf import settings

LLM_ROUTES = (
    *("/chat/completions", "/completions", "/embeddings", "/responses", "/models", "/moderations", "/audio/speech"),
    *("/audio/transcriptions", "/images/generations", "/rerank", "/messages"),
)

# What addresses of calls end in, whoever answers. The model may stand before it, and may hold slashes.
OPERATIONS = (
    "chat/completions|completions|embeddings|responses|moderations|rerank|messages|messages/count_tokens|realtime|"
    "audio/speech|audio/transcriptions|audio/translations|images/generations|images/edits|images/variations"
)
METHODS = "generateContent|streamGenerateContent|embedContent|countTokens"  # Google's, behind a colon
CALL = re.compile(
    rf"(?:/openai)?(?:/v[12])?(?:/(?:deployments|engines)/.+)?/(?:{OPERATIONS})"
    rf"|/v1(?:beta\d?)?/models/.+:(?:{METHODS})|(?:/v1)?/models(?:/.+)?"
)
PAGE = re.compile(r"/|/(?:[\w.~-]+/)*[\w~-]+\.html")  # of a static site, which a proxy protects alike

# Presets by name. Those made of management routes are an upper app's: it adds them in `ready()`.
PRESETS: dict[str, Callable[[], Collection[str]]] = {
    "llm_api_routes": lambda: (*LLM_ROUTES, *(f"/v1{route}" for route in LLM_ROUTES)),
    "openai_routes": lambda: PRESETS["llm_api_routes"](),  # LiteLLM's older name
}


def preset(name: str) -> Collection[str] | None:
    """The routes of a preset, or None when there is none of that name."""
    return PRESETS[name]() if name in PRESETS else None


def covers(pattern: str, path: str) -> bool:
    """Whether one entry of `allowed_routes` covers the path."""
    if (routes := preset(pattern)) is not None:
        return path in routes
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def allows(patterns: Iterable[str], path: str) -> bool:
    """Whether a list of allowed routes covers the path; an empty one covers all."""
    listed = list(patterns)
    return not listed or any(covers(pattern, path) for pattern in listed)


def is_call(path: str) -> bool:
    """Whether calls of models go here: the usual addresses, static pages, and what `model_routes` names.

    A key that is held to no routes may call these and nothing else: behind a proxy stands an upstream whose other
    addresses manage it, with the credential that the proxy sends along.
    """
    known = CALL.fullmatch(path) or PAGE.fullmatch(path)
    return known is not None or any(covers(pattern, path) for pattern in settings.MODEL_ROUTES)
