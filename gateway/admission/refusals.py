"""What a refused call is answered: status, LiteLLM's error type and message markers, and when to come back."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings

from rbacadmin import money

Headers = tuple[tuple[str, str], ...]

MODEL_DENIED = {
    "key": "key_model_access_denied",
    "member": "team_model_access_denied",
    "team": "team_model_access_denied",
    "project": "project_model_access_denied",
    "organization": "org_model_access_denied",
    "user": "user_model_access_denied",
    "role": "user_model_access_denied",
    "token": "key_model_access_denied",
    "customer": "end_user_model_access_denied",
}
WORDS = {"key": "key", "member": "team member", "team": "team", "project": "project", "organization": "organization"}


@dataclass(frozen=True)
class Refusal:
    """Why a call is refused. `level` is what refused it (`key`, `team`, ..., `model`, `route`), `level_id` its row."""

    status: int
    code: str  # LiteLLM's `type`
    message: str
    level: str = ""
    level_id: str = ""
    param: str | None = None
    retry_after: int | None = None  # seconds
    limit_type: str = ""  # requests, tokens or max_parallel_requests
    more: Headers = field(default=())

    @property
    def headers(self) -> Headers:
        """What goes along with the answer."""
        found = list(self.more)
        if self.retry_after is not None:
            found.append(("retry-after", str(self.retry_after)))
        if self.limit_type:
            found.append(("rate_limit_type", self.limit_type))
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """LiteLLM's error object. Its `code` is the status, as text."""
        return {"message": self.message, "type": self.code, "param": self.param, "code": str(self.status)}


class Refused(Exception):
    """A call that is refused. `refusal` says why; `of` whose it was, where no Caller came of the token."""

    def __init__(self, refusal: Refusal, of: Any = None) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal
        self.of = of


@lru_cache(maxsize=64)
def unauthenticated(code: str, message: str) -> Refusal:
    """401: the token is missing, unknown, blocked or expired."""
    return Refusal(401, code, message, level="key")


def unavailable() -> Refusal:
    """503: usage waits for a database that is away, so nothing more may be used."""
    return Refusal(503, "no_db_connection", "The database is away: usage cannot be recorded.", retry_after=5)


def route_denied(route: str, level_id: str) -> Refusal:
    """403: the key is held to other routes."""
    return Refusal(403, "auth_error", f"This key is not allowed to call this route: {route}.", "key", level_id)


def no_call(route: str, level_id: str) -> Refusal:
    """403: no model is called there, and no list of routes names it."""
    message = f"This route calls no model: {route[:255]}. A key reaches it by its allowed_routes, or by model_routes."
    return Refusal(403, "auth_error", message, "route", level_id)


def route_closed(kind: str, name: str, route: str) -> Refusal:
    """403: the caller's role, or their token, is held to other routes."""
    return Refusal(403, "auth_error", f"The {kind} {name} is not allowed to call this route: {route}.", kind, name)


def blocked(kind: str, name: str, level_id: str) -> Refusal:
    """403: a scope above the key is blocked (rulebook 25)."""
    return Refusal(403, "auth_error", f"{kind.capitalize()}={name} is blocked.", kind, level_id)


def calls_nothing(message: str, level: str, level_id: str) -> Refusal:
    """403: whoever holds the key may not call models."""
    return Refusal(403, "auth_error", message, level, level_id)


def model_denied(kind: str, level_id: str, model: str) -> Refusal:
    """403: the list of a level does not cover the model. Both wordings that clients look for."""
    word = WORDS.get(kind, kind)
    message = (
        f"{word} not allowed to access model. The requested model is not available for this API key: "
        f"the {word}'s list of models does not cover '{model[:255]}'."
    )
    return Refusal(403, MODEL_DENIED[kind], message, kind, level_id, param="model")


def customer_blocked(name: str, level_id: str) -> Refusal:
    """403: no call may be made for this end user, in LiteLLM's words."""
    return Refusal(403, "auth_error", f"User blocked from making LLM API Calls. User={name}", "customer", level_id)


def customer_elsewhere(name: str, level_id: str, model: str, region: str) -> Refusal:
    """403: calls for this end user stay in one region, and the model runs in none or another."""
    message = f"Calls for the customer {name} stay in the region '{region}': '{model[:255]}' does not run there."
    return Refusal(403, MODEL_DENIED["customer"], message, "customer", level_id, param="model")


def model_blocked(model: str, level_id: str) -> Refusal:
    """403: the model itself is blocked, for everybody."""
    message = f"Model={model} is blocked. The requested model is not available for this API key."
    return Refusal(403, "auth_error", message, "model", level_id, param="model")


def unknown_model(model: str) -> Refusal:
    """400: the levels allow the name, but the catalog has no model for it."""
    message = f"Invalid model name passed in model={model[:255]}. The catalog has no such model."
    return Refusal(400, "bad_request_error", message, "model", param="model")


def no_model() -> Refusal:
    """400: nobody said which model."""
    return Refusal(400, "bad_request_error", "No model named.", "model", param="model")


def over_budget(
    kind: str, name: str, level_id: str, *, label: str, spent: int, limit: int, model: str, retry_after: int | None
) -> Refusal:
    """The budget of a level is spent: 422 unless `budget_exceeded_status` says otherwise. Money is nano-dollars."""
    return of_budget(kind, level_id, f"{exceeded(kind, name, spent, limit, model)}{whose(kind, label)}", retry_after)


def too_little(
    kind: str,
    name: str,
    level_id: str,
    *,
    label: str,
    spent: int,
    limit: int,
    model: str,
    need: int,
    in_flight: bool,
    retry_after: int | None,
) -> Refusal:
    """What is left does not cover what the call may cost, or is reserved by calls in flight and may come back."""
    why = (
        "Calls in flight have reserved what is left; try again when they are done."
        if in_flight
        else f"What is left does not cover this call, which may cost {money.to_decimal(need):f}."
    )
    return of_budget(
        kind, level_id, f"{exceeded(kind, name, spent, limit, model)}{whose(kind, label)}. {why}", retry_after
    )


def exceeded(kind: str, name: str, spent: int, limit: int, model: str) -> str:
    """LiteLLM's words, which clients look for."""
    of = {"key": "Key", "team": "Team", "project": "Project", "organization": "Organization"}.get(kind)
    users = {"user": "ExceededBudget: User", "customer": "ExceededBudget: End User"}
    who = f"{of}={name}" if of else f"{users[kind]}={name}" if kind in users else f"TeamMember={name}"
    per = f" Model={model}" if model else ""
    costs = f"Current cost: {money.to_decimal(spent):f}, Max budget: {money.to_decimal(limit):f}"
    return f"Budget has been exceeded! {who}{per} {costs}"


def whose(kind: str, label: str) -> str:
    """The budget in people's words, where LiteLLM's name it by an id only."""
    return f" (the budget of the {WORDS.get(kind, kind)} '{label}')" if label else ""


def of_budget(kind: str, level_id: str, message: str, retry_after: int | None) -> Refusal:
    status = settings.BUDGET_EXCEEDED_STATUS
    return Refusal(status, "budget_exceeded", message, kind, level_id, retry_after=retry_after)


def too_open(holder: str, most: int) -> Refusal:
    """429: a proxy was let through with so many calls of one key, and nobody has told their end yet."""
    message = (
        f"Rate limit exceeded: {most} calls of this key are open. "
        "Each holds what it reserved until its usage is reported, or its time is over."
    )
    return Refusal(429, "rate_limit_error", message, "key", holder, retry_after=1, limit_type="max_parallel_requests")


def over_rate(
    kind: str, name: str, level_id: str, *, limit_type: str, limit: int, remaining: int, wait: int, model: str = ""
) -> Refusal:
    """429. `wait` in seconds."""
    per = f" for model {model}" if model else ""
    message = (
        f"Rate limit exceeded for {kind}: {name}{per}. Limit type: {limit_type}. Current limit: {limit}, "
        f"Remaining: {max(remaining, 0)}. Try again in {wait} seconds."
    )
    unit = {"requests": "requests", "tokens": "tokens"}.get(limit_type, "parallel-requests")
    more = ((f"x-ratelimit-limit-{unit}", str(limit)), (f"x-ratelimit-remaining-{unit}", str(max(remaining, 0))))
    return Refusal(
        429,
        "rate_limit_error",
        message,
        kind,
        level_id,
        retry_after=wait,
        limit_type=limit_type,
        more=(*more, ("reset_at", str(wait))),
    )


def full() -> Refusal:
    """As many calls are in flight as this process can hold."""
    return Refusal(503, "service_unavailable", "Too many calls are in flight; try again.", retry_after=1)


def crowded() -> Refusal:
    """Others took what was there, several times over."""
    return Refusal(429, "rate_limit_error", "Rate limit exceeded: too many calls at once.", retry_after=1)
