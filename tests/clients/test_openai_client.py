"""OpenAI's Python client, unmodified."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest

from tests.support.server import Server


@pytest.fixture
def model(ask: Any) -> Iterator[str]:
    """The name of a model in the catalog."""
    _, made = ask("POST", "/model/new", {"model_name": "gpt-of-all", "litellm_params": {"model": "openai/gpt-4o"}})
    yield "gpt-of-all"
    ask("POST", "/model/delete", {"id": made["model_info"]["id"]})


def client(server: Server, key: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0)


def test_models_are_listed_and_retrieved(server: Server, model: str) -> None:
    with client(server, server.master) as api:
        listed = list(api.models.list())
        assert model in [row.id for row in listed]
        assert {row.object for row in listed} == {"model"}
        assert api.models.retrieve(model).id == model
        with pytest.raises(openai.NotFoundError):
            api.models.retrieve("no-such-model")


def test_a_key_lists_its_own_models(server: Server, model: str, ask: Any) -> None:
    _, made = ask("POST", "/key/generate", {"models": ["something-else"]})
    with client(server, made["key"]) as api:
        assert model not in [row.id for row in api.models.list()]


def test_an_unknown_key_is_an_authentication_error(server: Server) -> None:
    with client(server, "sk-nobody-knows-this-one") as api, pytest.raises(openai.AuthenticationError):
        api.models.list()
