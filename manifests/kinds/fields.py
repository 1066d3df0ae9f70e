"""What the fields of specs hold. Their descriptions are what `kubectl explain` prints."""

from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from rbacadmin import money
from rbacadmin.limits import parse_duration

BIG = 2**53  # the largest whole number that every JSON reader keeps


def amount(value: Any) -> str:
    """An amount in dollars in its shortest form: money is text in these manifests, and a number is read too."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be an amount in dollars, as text")
    try:
        return dollars(money.to_nano(value))
    except ValidationError as error:
        raise ValueError(error.messages[0]) from error


def dollars(nano: int) -> str:
    """Nano-dollars as these manifests write them: `10`, `0.5`."""
    text = f"{Decimal(nano) / money.NANO:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration(text: str) -> str:
    try:
        parse_duration(text)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from error
    return text


Named = Annotated[str, Field(strict=True, min_length=1, max_length=255)]
Names = Annotated[list[Named], Field(max_length=1000)]
Count = Annotated[int, Field(strict=True, ge=0, le=BIG)]
Flag = Annotated[bool, Field(strict=True)]
Money = Annotated[str, BeforeValidator(amount)]
Duration = Annotated[str, Field(strict=True, max_length=16), AfterValidator(duration)]
Anything = Annotated[dict[str, Any], Field(max_length=1000)]
Counts = Annotated[dict[Named, Count], Field(max_length=1000)]


class Part(BaseModel):
    """A part of a spec. A name that is no field is a mistake."""

    model_config = ConfigDict(extra="forbid")


class Ref(Part):
    """Another resource, by name."""

    name: Named = Field(description="Name of the resource.")
    namespace: Named | None = Field(default=None, description="Its namespace; that of this resource when left out.")


class SecretKeys(Part):
    """Which entries of the secret hold what."""

    masterKey: Named
    url: Named


class SecretRef(Part):
    """A secret with the address and the key of an instance."""

    name: Named
    namespace: Named | None = None
    keys: SecretKeys | None = None


class ConnectionRef(Part):
    """Which instance this is about: it must be this server."""

    instanceRef: Ref | None = Field(default=None, description="The LiteLLMInstance; this server is one.")
    secretRef: SecretRef | None = Field(default=None, description="Not used here: instanceRef names the instance.")


class Spec(Part):
    """What is asked for."""

    connectionRef: ConnectionRef | None = Field(
        default=None, description="The instance that this belongs to; this server when left out."
    )


class ModelBudget(Part):
    """A budget for one model."""

    maxBudget: Money | None = Field(default=None, description="Dollars, as text.")
    budgetDuration: Duration | None = Field(default=None, description="30s, 5m, 1h, 7d, 2w or 1mo.")


def as_budget(value: Any) -> Any:
    """A budget of one model may be written as an amount alone."""
    return {"maxBudget": value} if isinstance(value, str | int | float) else value


class Limited(Spec):
    """A spec with limits. What is left out is what the level above allows."""

    models: Names | None = Field(default=None, description="Models and access groups that may be used; empty is all.")
    maxBudget: Money | None = Field(default=None, description="Budget in dollars, as text.")
    softBudget: Money | None = Field(default=None, description="Budget in dollars above which it is only warned.")
    budgetDuration: Duration | None = Field(
        default=None, description="After what time the budget starts anew: 30s, 5m, 1h, 7d, 2w or 1mo."
    )
    tpmLimit: Count | None = Field(default=None, description="Tokens per minute.")
    rpmLimit: Count | None = Field(default=None, description="Requests per minute.")
    maxParallelRequests: Count | None = Field(default=None, description="Requests at the same time.")
    modelMaxBudget: dict[Named, Annotated[ModelBudget, BeforeValidator(as_budget)]] | None = Field(
        default=None, description="Budgets of single models."
    )
    modelRPMLimit: Counts | None = Field(default=None, description="Requests per minute of single models.")
    modelTPMLimit: Counts | None = Field(default=None, description="Tokens per minute of single models.")
    tags: Names | None = Field(default=None, description="Tags that usage is counted under.")
    metadata: Anything | None = Field(default=None, description="Anything that should be remembered.")


# Field -> column, of every kind with limits.
LIMITS = {
    "models": "models",
    "maxBudget": "max_budget",
    "softBudget": "soft_budget",
    "budgetDuration": "budget_duration",
    "tpmLimit": "tpm_limit",
    "rpmLimit": "rpm_limit",
    "maxParallelRequests": "max_parallel_requests",
    "modelMaxBudget": "model_max_budget",
    "modelRPMLimit": "model_rpm_limit",
    "modelTPMLimit": "model_tpm_limit",
    "tags": "tags",
    "metadata": "metadata",
}
MONEY = frozenset({"max_budget", "soft_budget"})
# What a column holds where a manifest says nothing. All others hold null.
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("budget_duration", "name", "alias", "kubernetes_namespace"), ""),
    **dict.fromkeys(("model_max_budget", "model_rpm_limit", "model_tpm_limit", "metadata", "model_aliases"), {}),
    **dict.fromkeys(("tags", "assignments", "allowed_routes"), []),
    "aliases": {},
}


def stored(column: str, value: Any) -> Any:
    """A value of a spec, as the column holds it."""
    if value is None:
        empty = EMPTY.get(column)
        return empty.copy() if isinstance(empty, dict | list) else empty
    if column in MONEY:
        return money.to_nano(value)
    if column == "model_max_budget":
        return {model: budget_stored(entry) for model, entry in value.items()}
    return value


def budget_stored(entry: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if entry.get("maxBudget") is not None:
        found["max_budget"] = money.to_nano(entry["maxBudget"])
    if entry.get("budgetDuration"):
        found["budget_duration"] = entry["budgetDuration"]
    return found


def shown(column: str, value: Any) -> Any:
    """A column's value as a spec has it; None for what says nothing."""
    if value is None or value in ("", [], {}):
        return None
    if column in MONEY:
        return dollars(value)
    if column == "model_max_budget":
        return {model: budget_shown(entry) for model, entry in value.items()}
    return value


def budget_shown(entry: dict[str, Any]) -> dict[str, Any]:
    found = {"maxBudget": dollars(entry["max_budget"])} if "max_budget" in entry else {}
    return found | ({"budgetDuration": entry["budget_duration"]} if entry.get("budget_duration") else {})
