"""What calls of models ask: checked as far as we read it, the rest goes to the provider as it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from api.openai.refusing import Problem
from api.parser import parse
from gateway.upstream import most_prompt_tokens

LARGEST_BODY = 8 * 1_048_576  # pictures come inside of it
MOST_PARTS = 300_000  # objects and lists: an empty one takes two bytes of a body, and sixty of memory
LONGEST_NAME = 255
MOST_TAGS, MOST_CHOICES, MOST_TOKENS = 50, 128, 10_000_000
# What LiteLLM and routers read themselves. Handed on, some of it would choose another address, or another model than
# was admitted, at a provider that is a gateway too.
NOT_FORWARDED = frozenset(
    {
        *("models", "model_list", "model_id", "deployment_id", "specific_deployment", "engine", "route", "extra_body"),
        *("content_policy_fallbacks", "default_fallbacks", "mock_testing_fallbacks", "router_settings_override"),
        *("api_base", "base_url", "api_key", "api_version", "custom_llm_provider", "extra_headers", "headers"),
        *("tags", "fallbacks", "context_window_fallbacks", "num_retries", "timeout", "cache", "guardrails", "caching"),
        *("litellm_metadata", "user_config", "mock_delay", "mock_pace", "mock_length", "no-log", "disable_fallbacks"),
    }
)
CUSTOMER_HEADERS = ("x-litellm-customer-id", "x-litellm-end-user-id")


@dataclass(frozen=True)
class Call:
    """One call: `body` is for the provider, the two counts are what to reserve.

    `answers`: how many are asked for without saying how long they may be; the second count is an estimate then.
    """

    model: str
    body: Mapping[str, Any]
    prompt_tokens: int
    completion_tokens: int
    answers: int
    streams: bool
    wants_usage: bool
    tags: tuple[str, ...]
    customer: str | None


def read(request: HttpRequest, route: str) -> Call:
    """The call in a request. Raises Problem (400 or 413), or rest_framework's ParseError for what is no JSON object."""
    given = parse(content_of(request))
    model = model_in(given)
    require(given, route)
    streams = route != "/embeddings" and flag(given, "stream")
    options = given.get("stream_options")
    if not isinstance(options, dict | None):
        raise Problem(400, "Must be an object.", param="stream_options")
    return Call(
        model,
        forwarded(given, streams),
        most_prompt_tokens(given),
        completion(given, route),
        0 if route == "/embeddings" or limit_in(given) else answers_in(given),
        streams,
        options is not None and options.get("include_usage") is True,
        tags(request, given),
        customer(request, given),
    )


def content_of(request: HttpRequest) -> bytes:
    """The body. Raises Problem for one that is large, or would be a hundred times as large when it is read."""
    content = request.read(LARGEST_BODY + 1)
    if len(content) > LARGEST_BODY:
        raise Problem(413, f"The body is larger than {LARGEST_BODY} bytes.")
    if content.count(b"{") + content.count(b"[") > MOST_PARTS:
        raise Problem(413, f"The body has more than {MOST_PARTS} objects and lists.")
    return content


def model_in(given: Mapping[str, Any]) -> str:
    """The name of the model. Raises Problem."""
    model = given.get("model")
    fits = isinstance(model, str) and 0 < len(model) <= LONGEST_NAME and model.isprintable() and model == model.strip()
    if not fits:
        raise Problem(400, "Name the model to call.", param="model")
    return str(model)


def require(given: Mapping[str, Any], route: str) -> None:
    """Raise Problem unless there is something to answer."""
    if route == "/chat/completions":
        found = given.get("messages")
        if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
            raise Problem(400, "Must be a list of messages, at least one.", param="messages")
    else:
        name = "input" if route == "/embeddings" else "prompt"
        if not isinstance(given.get(name), str | list) or not given[name]:
            raise Problem(400, "Must be a text or a list of texts.", param=name)


def completion(given: Mapping[str, Any], route: str) -> int:
    """The most tokens that the answer may have, all choices together."""
    if route == "/embeddings":
        return 0
    return (limit_in(given) or settings.ESTIMATED_COMPLETION_TOKENS) * answers_in(given)


def limit_in(given: Mapping[str, Any]) -> int:
    """The most tokens that one answer may have; 0 when the call does not say."""
    limits = [number(given, name, MOST_TOKENS) for name in ("max_completion_tokens", "max_tokens")]
    # providers differ in which of two they read, and 0 is no limit to some
    return max((value for value in limits if value is not None), default=0)


def answers_in(given: Mapping[str, Any]) -> int:
    """How many answers are asked for."""
    choices = max(number(given, name, MOST_CHOICES) or 1 for name in ("n", "best_of"))
    prompt = given.get("prompt")  # a list of texts asks for an answer to each
    prompts = len(prompt) if isinstance(prompt, list) and isinstance(prompt[0], str | list) else 1
    return choices * prompts


def number(given: Mapping[str, Any], name: str, most: int) -> int | None:
    value = given.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most):
        raise Problem(400, f"Must be a whole number from 0 to {most}.", param=name)
    return value


def flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if value is not None and not isinstance(value, bool):
        raise Problem(400, "Must be true or false.", param=name)
    return bool(value)


def forwarded(given: Mapping[str, Any], streams: bool) -> dict[str, Any]:
    """The body for the provider. `metadata` is ours, unless the provider shall store the call with it."""
    kept = {name: value for name, value in given.items() if name not in NOT_FORWARDED and value is not None}
    for name in [name for name in kept if name != "model" and name.casefold() == "model"]:
        del kept[name]  # some servers read any case of it
    if not kept.get("store"):
        kept.pop("metadata", None)
    if not streams:
        kept.pop("stream", None)
        kept.pop("stream_options", None)
    return kept


def tags(request: HttpRequest, given: Mapping[str, Any]) -> tuple[str, ...]:
    """The tags of a call, from `metadata.tags`, `tags` and the header `x-litellm-tags`, each once."""
    metadata = given.get("metadata")
    found: list[Any] = request.headers.get("x-litellm-tags", "").split(",")
    for where in (given, metadata if isinstance(metadata, dict) else {}):
        listed = where.get("tags") or []
        if not isinstance(listed, list) or not all(isinstance(tag, str) for tag in listed):
            raise Problem(400, "Must be a list of texts.", param="tags")
        found += listed
    unique = tuple(dict.fromkeys(tag.strip() for tag in found if tag.strip()))
    if len(unique) > MOST_TAGS or any(len(tag) > LONGEST_NAME for tag in unique):
        raise Problem(400, f"At most {MOST_TAGS} tags of {LONGEST_NAME} characters.", param="tags")
    return unique


def customer(request: HttpRequest, given: Mapping[str, Any]) -> str | None:
    """For whom the caller calls: `user`, or LiteLLM's header for it."""
    named = (request.headers.get(name) for name in CUSTOMER_HEADERS)
    found = given.get("user") or next(filter(None, named), None)
    if found is not None and not (isinstance(found, str) and len(found) <= LONGEST_NAME):
        raise Problem(400, f"Must be a text of at most {LONGEST_NAME} characters.", param="user")
    return found or None
