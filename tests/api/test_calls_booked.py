"""What calls cost: tokens times prices, to the last nano-dollar, once, however they end."""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import RequestFactory

from api.openai.views import chat_completions
from gateway import admission
from gateway.ledger.models import Usage
from gateway.ledger.recording import recorder
from gateway.models import CatalogModel, DailyUsage, Spend
from keys.models import Key
from tests.api.test_calls import ASK, CHAT
from tests.factories import KeyFactory
from tests.support.provider import answer, chunk, last, providing
from tests.world import World

INPUT, OUTPUT = 2_500_000_001, 10_000_000_003  # nano-dollars for a million tokens: nothing divides evenly
Serve = Callable[..., CatalogModel]


@pytest.fixture
def key(cast: World) -> Iterator[Key]:
    """A key of a member in their team; nothing is remembered of other tests."""
    admission.forget()
    for scope in (cast.organization, cast.team):
        scope.models = None
        scope.save()
    yield KeyFactory(user=cast.member, team=cast.team, organization=cast.organization)
    admission.forget()


@pytest.fixture
def serve(key: Key) -> Serve:
    """`serve(model="mock/echo")`: the model `echo`, with a price."""

    def make(**params: Any) -> CatalogModel:
        return CatalogModel.objects.create(name="echo", params=params, input_price=INPUT, output_price=OUTPUT)

    return make


def booked() -> Usage:
    """The one call on record; its cost is tokens times prices, and everybody whom it counts for has it."""
    recorder.flush()
    found = Usage.objects.get()
    exact = found.prompt_tokens * INPUT + found.completion_tokens * OUTPUT
    assert found.cost == -(-exact // 1_000_000)
    owners = {found.key_id, found.user_id, found.membership_id, found.team_id, found.organization_id}
    spent = dict(Spend.objects.filter(object_id__in=owners, lifetime__gt=0).values_list("object_id", "lifetime"))
    assert spent == (dict.fromkeys(owners, found.cost) if found.cost else {})
    assert DailyUsage.objects.get(kind="key", object_id=found.key_id).spend == found.cost
    assert not admission.decide.flying
    return found


def test_an_answer_is_booked_as_the_provider_counted(api: Any, key: Key, serve: Serve) -> None:
    with providing() as provider:
        serve(model="openai/up-1", api_base=provider.base)
        provider.does = {"body": answer("hello", usage={"prompt_tokens": 1001, "completion_tokens": 333})}
        body = {**ASK, "user": "customer-1", "metadata": {"tags": ["a"]}, "tags": ["b", "a"]}
        api("POST", CHAT, body, token=key.secret, HTTP_X_LITELLM_TAGS="c, b")
    found = booked()
    assert (found.prompt_tokens, found.completion_tokens, found.status) == (1001, 333, "success")
    assert (found.customer, found.route, found.model) == ("customer-1", CHAT, "echo")
    assert sorted(found.tags) == ["a", "b", "c"]


def test_a_stream_is_booked_as_the_provider_counted(api: Any, key: Key, serve: Serve) -> None:
    with providing() as provider:
        serve(model="openai/up-1", api_base=provider.base)
        provider.does = {"events": [chunk("a"), chunk(finish_reason="stop"), last(77, 5), b"data: [DONE]\n\n"]}
        list(api("POST", CHAT, {**ASK, "stream": True}, token=key.secret).streaming_content)
    found = booked()
    assert (found.prompt_tokens, found.completion_tokens) == (77, 5)


def test_who_leaves_a_stream_pays_for_what_came(key: Key, serve: Serve) -> None:
    serve(model="mock/lorem", mock_length=500)
    body, headers = json.dumps({**ASK, "stream": True}), {"Authorization": f"Bearer {key.secret}"}
    stream: Any = chat_completions(RequestFactory().post(CHAT, body, "application/json", headers=headers))
    list(islice(stream.streaming_content, 21))  # the beginning, and twenty tokens
    request_finished.disconnect(close_old_connections)  # the test's connection is to stay
    stream.close()
    request_finished.connect(close_old_connections)
    found = booked()
    assert (found.completion_tokens, found.status) == (20, "success")


def test_a_stream_that_breaks_off_is_paid_as_far_as_it_came(api: Any, key: Key, serve: Serve) -> None:
    with providing() as provider:
        serve(model="openai/up-1", api_base=provider.base)
        provider.does = {"events": [chunk("12345678")], "cut": True}
        list(api("POST", CHAT, {**ASK, "stream": True}, token=key.secret).streaming_content)
    found = booked()
    assert (found.completion_tokens, found.status) == (2, "failure")


def test_a_call_that_fails_costs_nothing_and_counts_as_failed(api: Any, key: Key, serve: Serve) -> None:
    serve(model="openai/up-1", api_base="http://127.0.0.1:9")
    assert api("POST", CHAT, ASK, token=key.secret).status_code == 502
    found = booked()
    assert (found.cost, found.status) == (0, "failure")
    assert DailyUsage.objects.get(kind="key", object_id=key.pk).failures == 1


def test_the_call_after_the_budget_is_spent_is_refused_and_says_whose(
    api: Any, cast: World, key: Key, serve: Serve
) -> None:
    """As a new user would try it: call, lower the team's budget below the spend, call again."""
    serve(model="mock/lorem")
    assert api("POST", CHAT, ASK, token=key.secret).status_code == 200
    spent = booked().cost
    cast.team.max_budget = spent
    cast.team.save()
    admission.forget()
    refused = api("POST", CHAT, ASK, token=key.secret)
    assert refused.status_code == 422
    assert f"Team={cast.team.public_id}" in refused.json()["error"]["message"]
