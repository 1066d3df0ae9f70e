"""Calls of models by OpenAI's Python client, unmodified: answered by the mock, limited, priced to the last decimal."""

import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import openai
import pytest

from tests.support.provider import Provider, answer, chunk, providing
from tests.support.server import ROOT, Server

ASK = [{"role": "user", "content": "What is a key?"}]
INPUT, OUTPUT = Decimal("0.0000025"), Decimal("0.000010000001")  # dollars for a token
Make = Callable[..., str]


@pytest.fixture
def model(ask: Any) -> Make:
    """`model(model="mock/echo")`: the name of a new model with a price."""

    def make(**params: Any) -> str:
        name = f"m-{uuid4().hex[:8]}"
        prices = {"input_cost_per_token": str(INPUT), "output_cost_per_token": str(OUTPUT)}
        status, _ = ask(
            "POST", "/model/new", {"model_name": name, "litellm_params": {"model": "mock/echo", **prices, **params}}
        )
        assert status == 200
        return name

    return make


@pytest.fixture
def key(ask: Any) -> Make:
    """`key(max_budget=1)`: a new key of the platform's."""

    def make(**values: Any) -> str:
        status, made = ask("POST", "/key/generate", values)
        assert status == 200, made
        return str(made["key"])

    return make


@pytest.fixture
def client(server: Server) -> Iterator[Callable[[str], openai.OpenAI]]:
    opened = []

    def make(key: str) -> openai.OpenAI:
        opened.append(openai.OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def price(prompt: int, completion: int) -> Decimal:
    return prompt * INPUT + completion * OUTPUT


def test_a_chat_is_answered_and_priced_exactly(client: Any, model: Make, key: Make) -> None:
    name = model()
    raw = client(key()).chat.completions.with_raw_response.create(model=name, messages=ASK)
    found = raw.parse()
    assert found.choices[0].message.content == "You said: What is a key?"
    assert found.model == name
    cost = price(found.usage.prompt_tokens, found.usage.completion_tokens)
    assert Decimal(raw.headers["x-litellm-response-cost"]) == cost.quantize(Decimal("1e-9"), "ROUND_CEILING")
    assert raw.headers["x-litellm-call-id"]


def test_a_stream_says_the_same(client: Any, model: Make, key: Make) -> None:
    events = list(client(key()).chat.completions.create(model=model(), messages=ASK, stream=True))
    assert "".join(one.choices[0].delta.content or "" for one in events) == "You said: What is a key?"
    assert {one.usage for one in events} == {None}


def test_a_stream_ends_with_its_usage_for_who_asks(client: Any, model: Make, key: Make) -> None:
    options = {"include_usage": True}
    *_, end = client(key()).chat.completions.create(model=model(), messages=ASK, stream=True, stream_options=options)
    assert (end.choices, end.usage.completion_tokens) == ([], 6)


def test_completions_and_embeddings(client: Any, model: Make, key: Make) -> None:
    name, api = model(), client(key())
    assert api.completions.create(model=name, prompt="Go on").choices[0].text == "You said: Go on"
    rows = api.embeddings.create(model=name, input=["a", "b"], dimensions=8).data
    assert [len(row.embedding) for row in rows] == [8, 8]


def test_without_the_version_in_front(server: Server, model: Make, key: Make) -> None:
    with openai.OpenAI(base_url=server.url, api_key=key(), max_retries=0) as api:
        assert api.chat.completions.create(model=model(), messages=ASK).choices


def test_refusals_are_the_clients_own_exceptions(client: Any, model: Make, key: Make) -> None:
    name, other = model(), model()

    def call(secret: str, asked: str = name, **more: Any) -> Any:
        return client(secret).chat.completions.create(model=asked, messages=ASK, **more)

    with pytest.raises(openai.AuthenticationError):
        call("sk-nobody-knows-this-one")
    with pytest.raises(openai.BadRequestError, match="no-such-model"):
        call(key(), "no-such-model")
    with pytest.raises(openai.PermissionDeniedError) as denied:
        call(key(models=[other]))
    assert denied.value.body["type"] == "key_model_access_denied"  # type: ignore[index]
    with pytest.raises(openai.UnprocessableEntityError, match="Budget has been exceeded"):
        call(key(max_budget=0))
    with pytest.raises(openai.BadRequestError) as unfit:
        call(key(), max_tokens=-1)
    assert unfit.value.param == "max_tokens"
    limited = key(rpm_limit=1)
    call(limited)
    with pytest.raises(openai.RateLimitError) as much:
        call(limited)
    assert int(much.value.response.headers["retry-after"]) > 0


def test_access_groups_and_aliases_stand_for_models(client: Any, model: Make, key: Make, ask: Any) -> None:
    name = model()
    assert ask("POST", "/access_group/new", {"access_group": f"g-{name}", "model_names": [name]})[0] == 200
    api = client(key(models=[f"g-{name}"], aliases={"mine": name}))
    for asked in (name, "mine"):
        assert api.chat.completions.create(model=asked, messages=ASK).model == asked


def test_calls_go_on_to_a_provider(client: Any, model: Make, key: Make) -> None:
    with providing() as provider:
        provider.does = {"body": answer("from afar", usage={"prompt_tokens": 7, "completion_tokens": 5})}
        name = model(model="openai/up-1", api_base=provider.base, api_key="theirs-0123")
        raw = client(key()).chat.completions.with_raw_response.create(model=name, messages=ASK, user="customer-1")
        assert raw.parse().choices[0].message.content == "from afar"
        assert Decimal(raw.headers["x-litellm-response-cost"]) == price(7, 5).quantize(Decimal("1e-9"), "ROUND_CEILING")
        assert provider.calls[0] == {"model": "up-1", "messages": ASK, "user": "customer-1"}
        provider.does = {"status": 429, "headers": {"Retry-After": "3"}, "body": {}}
        with pytest.raises(openai.RateLimitError) as much:
            client(key()).chat.completions.create(model=name, messages=ASK)
        assert much.value.response.headers["retry-after"] == "3"


def test_a_provider_that_breaks_off_is_an_error_in_the_stream(client: Any, model: Make, key: Make) -> None:
    with providing() as provider:
        provider.does = {"events": [chunk("a")], "cut": True}
        name = model(model="openai/up-1", api_base=provider.base)
        with pytest.raises(openai.APIError, match="broke its answer off"):
            list(client(key()).chat.completions.create(model=name, messages=ASK, stream=True))


def test_whoever_leaves_a_stream_ends_it_at_the_provider(client: Any, model: Make, key: Make) -> None:
    provider: Provider
    with providing() as provider:
        provider.does = {"events": [chunk("abcd" * 1000), *[chunk("efgh" * 1000), 0.05] * 400]}
        name = model(model="openai/up-1", api_base=provider.base)
        events = client(key()).chat.completions.create(model=name, messages=ASK, stream=True)
        next(iter(events))
        events.close()
        assert provider.gone.wait(8)


def test_whoever_leaves_a_stream_pays_for_what_came(client: Any, model: Make, key: Make, ask: Any) -> None:
    secret, name = key(), model(model="mock/lorem", mock_pace=50, mock_length=1000)
    events = client(secret).chat.completions.create(model=name, messages=ASK, stream=True)
    for _ in range(4):
        next(iter(events))
    events.close()
    until = time.monotonic() + 10
    while not (spend := ask("GET", f"/key/info?key={secret}")[1]["info"]["spend"]):
        assert time.monotonic() < until
        time.sleep(0.3)
    assert price(9, 3) <= Decimal(str(spend)) < price(9, 500)


def test_the_documentation_in_python_runs(server: Server, key: Make, ask: Any, capsys: Any) -> None:
    """The page's blocks as one program, with the server and the key that a reader would have."""
    page = (ROOT / "docs" / "gateway" / "calling-models.md").read_text()
    program = "\n".join(re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    ask("POST", "/model/new", {"model_name": "echo", "litellm_params": {"model": "mock/echo"}})
    names: dict[str, Any] = {"key": key(models=["echo"])}
    exec(program.replace("http://0.0.0.0:4000", server.url), names)
    names["client"].close()
    said = capsys.readouterr().out.splitlines()
    assert said == ["You said: What is a key?", "You said: What is a key?6", "key_model_access_denied"]
