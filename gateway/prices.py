"""What a call costs, by the catalog's prices."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from gateway.models import CatalogModel
from gateway.spending import known_models
from rbacadmin import money
from rbacadmin.policy import Actor

BYTES_OF_A_TOKEN = 4
TOKENS_OF_A_MESSAGE = 4


def priced_model(actor: Actor, name: str) -> CatalogModel:
    """The model of this name that the actor could call. Raises ValidationError: what is another's is unknown."""
    found = list(known_models(actor, [name]).order_by("created_at", "pk"))
    if not found:
        raise ValidationError({"model": f"The catalog has no model '{name}'."})
    return next((model for model in found if model.team_id or model.project_id), found[0])  # one's own goes first


def cost(model: CatalogModel, prompt_tokens: int, completion_tokens: int = 0) -> int:
    """Nano-dollars for these tokens, by the model's prices."""
    return money.charge((prompt_tokens, model.input_price), (completion_tokens, model.output_price))


def estimated_tokens(messages: Iterable[Any]) -> int:
    """How many tokens messages have, roughly: one for four bytes of text, and four for each message."""
    count = 0
    for message in messages:
        size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts(message))
        count += TOKENS_OF_A_MESSAGE - (-size // BYTES_OF_A_TOKEN)
    return count


def texts(value: Any) -> Iterable[str]:
    """All texts in a message, whatever its parts are called."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
