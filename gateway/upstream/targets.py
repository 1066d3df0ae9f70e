"""Where a call of a model goes and what it carries. The one place where a provider's credential is opened."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError

from gateway import credentials
from gateway.addresses import require_public_https
from gateway.params import ENVIRONMENT
from gateway.upstream.errors import UpstreamFailure

# Providers that speak OpenAI's protocol, by what stands before the slash; any other needs an `api_base`.
BASES = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com/v1",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/openai",
    "mistral": "https://api.mistral.ai/v1",
    "together_ai": "https://api.together.xyz/v1",
    "groq": "https://api.groq.com/openai/v1",
    "deepseek": "https://api.deepseek.com/v1",
    "fireworks_ai": "https://api.fireworks.ai/inference/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "xai": "https://api.x.ai/v1",
}
# Words before the slash that name a way to call and no part of the model's name.
PREFIXES = BASES.keys() | {"hosted_vllm", "openai_like", "custom_openai", "ollama", "ollama_chat", "lm_studio", "azure"}
# What a model may set for its calls where the caller says nothing.
DEFAULTS = (
    *("temperature", "top_p", "max_tokens", "max_completion_tokens", "presence_penalty", "frequency_penalty", "seed"),
    *("reasoning_effort", "dimensions"),
)
MOCK = "mock"
NOT_CONFIGURED = "This model is not set up to be called here; ask who runs it."


class Deployment(Protocol):
    """What calling a model needs of it: a `CatalogModel`, or what admission keeps of one."""

    @property
    def id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...
    @property
    def credential(self) -> bytes | memoryview | None: ...
    @property
    def team_id(self) -> UUID | None: ...


@dataclass(frozen=True)
class Target:
    """One call's destination. `public`: only public addresses may be connected to. Never printed: it holds secrets."""

    model: str
    base: str = ""
    public: bool = True
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    hidden: frozenset[str] = field(default_factory=frozenset, repr=False)
    timeout: float | None = None
    mock: Mapping[str, Any] | None = field(default=None, repr=False)

    def url(self, route: str) -> str:
        return f"{self.base}{route}"


def target_of(deployment: Deployment, asked: str) -> Target:
    """Where a call of `asked` goes. Raises UpstreamFailure (502) when the model cannot be called.

    `asked` is the name that was called, which a deployment like `openai/*` passes on.
    """
    try:
        secret = credentials.unseal(deployment.credential, deployment.id) if deployment.id else {}
    except credentials.Unreadable as error:
        raise UpstreamFailure(502, "The credential of this model cannot be read here; ask who runs it.") from error
    foreign = deployment.team_id is not None
    params = {name: value if foreign else looked_up(value) for name, value in {**deployment.params, **secret}.items()}
    provider, model = upstream_of(params, deployment.name, asked)
    defaults = {name: params[name] for name in DEFAULTS if params.get(name) is not None}
    if provider == MOCK or "mock_response" in params:
        return Target(model, defaults=defaults, mock=params)
    base = params.get("api_base") or params.get("base_url") or BASES.get(provider)
    if not isinstance(base, str):
        raise UpstreamFailure(502, NOT_CONFIGURED)
    require_address(base, foreign)
    timeout = params.get("timeout")
    return Target(
        model,
        base.rstrip("/"),
        foreign,
        headers_of(params),
        defaults,
        hidden_of(base, model, secret, params),
        float(timeout) if isinstance(timeout, int | float) and timeout > 0 else None,
    )


def looked_up(value: Any) -> Any:
    """The value itself, or the environment variable that one of the platform's own models names."""
    if isinstance(value, str) and value.startswith(ENVIRONMENT[0]):
        return os.environ.get(value.removeprefix(ENVIRONMENT[0]), "")
    return value


def upstream_of(params: Mapping[str, Any], name: str, asked: str) -> tuple[str, str]:
    """The provider, and the model's name there. What a `*` stood for in the called name stands in for it."""
    text = params.get("model")
    if not isinstance(text, str) or not text:
        text = name
    if text.endswith("*"):
        text = text[:-1] + asked.removeprefix(name.removesuffix("*"))
    named = params.get("custom_llm_provider")
    if isinstance(named, str) and named:
        return named, text.removeprefix(f"{named}/")
    prefix, slash, rest = text.partition("/")
    return (prefix, rest) if slash and (prefix in PREFIXES or prefix == MOCK) else ("openai", text)


def require_address(base: str, foreign: bool) -> None:
    """Raise UpstreamFailure unless calls may go there: over https to a public host, for a model that a team brought."""
    if not base.startswith(("https://", "http://")):
        raise UpstreamFailure(502, NOT_CONFIGURED)
    if foreign:
        try:
            require_public_https(base)
        except ValidationError as error:
            raise UpstreamFailure(502, "The address of this model is not public; ask who brought it.") from error


def headers_of(params: Mapping[str, Any]) -> dict[str, str]:
    """The headers that the provider wants, with the credential."""
    found = {"content-type": "application/json", "accept-encoding": "identity", "user-agent": "rbacadmin"}
    extra = params.get("extra_headers")
    for name, value in extra.items() if isinstance(extra, Mapping) else ():
        if str(name).lower() not in ("host", "content-length", "transfer-encoding", "connection"):
            found[str(name).lower()] = str(value)
    if isinstance(organization := params.get("organization"), str):
        found["openai-organization"] = organization
    if isinstance(key := params.get("api_key"), str) and key:
        found["authorization"] = f"Bearer {key}"
        if params.get("api_version") or str(params.get("model", "")).startswith("azure/"):
            found["api-key"] = key
    return found


def hidden_of(base: str, model: str, secret: Mapping[str, Any], params: Mapping[str, Any]) -> frozenset[str]:
    """What no message may repeat: secrets, and what the provider calls things, which only its owner may read."""
    host = base.split("://", 1)[1].split("/")[0]
    texts = [base, host, host.rsplit(":", 1)[0], model, str(params.get("model", "")), str(params.get("api_key", ""))]
    return frozenset(text for text in (*texts, *map(str, secret.values())) if text)
