"""Calls of the cast's keys, in a process that has just started."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway import admission
from gateway.admission import Admission, Refusal, Refused
from gateway.models import CatalogModel
from tests.world import World

ROUTE = "/v1/chat/completions"
NOON = 1_800_000_000.0  # the beginning of a minute


@pytest.fixture
def priced(cast: World) -> CatalogModel:
    """`gpt-4o` at a dollar for a million tokens, whichever way they go."""
    model: CatalogModel = cast.catalog["gpt-4o"]
    model.input_price = model.output_price = 10**9
    model.save()
    return model


@pytest.fixture
def call() -> Callable[..., Admission]:
    """`call(secret)`: one call of a model with this key, at noon unless said otherwise."""

    def one(secret: str, model: str = "gpt-4o", **more: Any) -> Admission:
        now = more.pop("now", NOON)
        given = {"route": ROUTE, "prompt_tokens": 10, "completion_tokens": 90, **more}
        return admission.admit(admission.authenticate(secret, now), model=model, now=now, **given)

    return one


@pytest.fixture
def refusal(call: Callable[..., Admission]) -> Callable[..., Refusal]:
    """`refusal(secret)`: the same for a call that must be refused."""

    def one(secret: str, model: str = "gpt-4o", **more: Any) -> Refusal:
        with pytest.raises(Refused) as caught:
            call(secret, model, **more)
        return caught.value.refusal

    return one
