"""What a model is called with: plain parameters, which may be shown, and the credential, which never is.

Only what is known to be plain is. Any other text is kept with the credential, encrypted: a provider's next name for
its secret must not be shown because we had not heard of it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from gateway.addresses import require_public_https
from rbacadmin import money

ADDRESSES = frozenset({"api_base", "base_url"})
PLAIN = ADDRESSES | {
    *("model", "custom_llm_provider", "api_version", "organization", "api_type", "region_name", "aws_region_name"),
    *("vertex_project", "vertex_location", "watsonx_region_name", "deployment_id", "mode", "base_model", "tags"),
    *("allowed_openai_params", "additional_drop_params", "output_vector_size", "merge_reasoning_content_in_choices"),
}
# Where a call goes, as far as names tell: `sagemaker_base_url`, `aws_bedrock_runtime_endpoint`, `Host`.
GOES_TO = re.compile(r"(^|_)(url|uri|endpoint|host|proxy|api_base)s?(_|$)|_base$", re.IGNORECASE)
SECRETIVE = re.compile(r"key|secret|passw|credential|auth")  # a number can be a secret too
ENVIRONMENT = ("os.environ/", "oidc/")  # the second reads files, too
PLATFORMS = ("litellm_credential_name", "configurable_clientside_auth_params", "aws_profile_name")
MASK = "********"
PER_MILLION = 1_000_000


def split(params: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The plain parameters, and the credential. Null, which clears, stands on the side of its name."""
    given = {name: value for name, value in params.items() if value != MASK}  # clients send back what they were shown
    plain = {name: value for name, value in given.items() if is_plain(name, value)}
    return plain, {name: value for name, value in given.items() if name not in plain}


def is_plain(name: str, value: Any) -> bool:
    return name in PLAIN or (isinstance(value, bool | int | float) and not SECRETIVE.search(name))


def merged(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is left out is kept, null clears."""
    return {name: value for name, value in {**stored, **changes}.items() if value is not None}


def check_addresses(params: Mapping[str, Any]) -> None:
    """Raise ValidationError for an address with a password in it: addresses are shown."""
    for name in ADDRESSES & params.keys():
        if not isinstance(params[name], str | None):
            raise ValidationError({name: "Must be an address."})
        if "@" in str(params[name]).split("?")[0]:
            raise ValidationError({name: "Must not hold a name or a password."})


def check_foreign(params: Mapping[str, Any]) -> None:
    """Raise ValidationError for what would use the platform's own network, environment, files or credentials.

    For parameters from anyone who does not run the platform. What stands deeper counts as what stands on top: routers
    hand `fallbacks` and the like on as calls of their own.
    """
    for outer, name, value in flat(params):
        if name in PLATFORMS and value:
            raise ValidationError({outer: f"{name} is for the platform's own models."})
        if not isinstance(value, str):
            continue
        if value.strip().startswith(ENVIRONMENT):
            raise ValidationError({outer: "Must be the value itself, not a variable or file of the platform."})
        if is_address(name) or "://" in value:
            try:
                require_public_https(value)
            except ValidationError as error:
                raise ValidationError({outer: error.messages}) from error
        if name == "vertex_credentials" and not value.lstrip().startswith("{"):
            raise ValidationError({outer: "Must be the credential itself, not a file of the platform."})


def is_address(name: str) -> bool:
    """Whether a parameter of this name says where calls go."""
    return name in ADDRESSES or bool(GOES_TO.search(name))


def addresses(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that say where calls go, by name or by what they hold."""
    return {
        outer: params[outer]
        for outer, name, value in flat(params)
        if is_address(name) or (isinstance(value, str) and "://" in value)
    }


def flat(value: Any, outer: str = "", name: str = "") -> list[tuple[str, str, Any]]:
    """Everything in the parameters, with the outermost name above it and the innermost."""
    if isinstance(value, Mapping):
        return [found for key, item in value.items() for found in flat(item, outer or str(key), str(key))]
    if isinstance(value, list | tuple) and value:
        return [found for item in value for found in flat(item, outer, name)]
    return [(outer, name, value)]


def price_of(dollars_per_token: float | str) -> int:
    """LiteLLM's price, as nano-dollars per million tokens. Raises ValidationError."""
    try:
        amount = Decimal(str(dollars_per_token)[:100]) * PER_MILLION
    except ArithmeticError as error:
        raise ValidationError("Must be a price in dollars.") from error
    return sane_price(money.to_nano(amount))


def sane_price(nano: int) -> int:
    """A price that a model may have: nano-dollars per million tokens. Raises ValidationError.

    Dollars for a million tokens, typed where those for one are meant, would spend a budget with one call.
    """
    if nano > settings.HIGHEST_PRICE:
        most = money.to_decimal(settings.HIGHEST_PRICE)
        rule = f"Must be at most {most / PER_MILLION:f} dollars for a token, {most:,.2f} for a million."
        raise ValidationError(f"{rule} (highest_price_per_token)")
    return nano


def price_shown(nano: int) -> float:
    """Undo `price_of`."""
    return float(money.to_decimal(nano) / PER_MILLION)
