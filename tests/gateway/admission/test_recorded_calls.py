"""From admission to the books: what a call reserved, used and cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from gateway import admission
from gateway.admission.decide import flying
from gateway.admission.sweeping import Swept, sweep
from gateway.ledger.recording import Recorder, recorder
from gateway.ledger.terms import id_for_model
from gateway.ledger.usage import Event, id_of_name
from gateway.models import CatalogModel, DailyUsage, Spend, Usage
from tests.world import World

pytestmark = pytest.mark.usefixtures("priced")
DOLLAR = 10**9


@pytest.fixture(autouse=True)
def _new_process(cast: World) -> Any:
    admission.forget()
    for scope in (cast.team, cast.organization):
        type(scope).objects.filter(pk=scope.pk).update(max_budget=100 * DOLLAR)
    yield
    recorder.flush()
    admission.forget()


def test_a_settled_call_is_in_the_books_to_the_last_nano_dollar(
    cast: World,
    call: Callable[..., Any],
    priced: CatalogModel,
) -> None:
    priced.input_price, priced.output_price = 150_000_001, 600_000_003
    priced.save()
    key = cast.here.keys["member_team"]
    made = call(key.secret)  # type: ignore[attr-defined]
    exact = 7 * 150_000_001 + 13 * 600_000_003
    cost = admission.settle(made, prompt_tokens=7, completion_tokens=13, tags=["night"], customer="acme")
    assert cost == -(-exact // 1_000_000)
    assert recorder.flush() == 1
    row = Usage.objects.get(request_id=made.request_id)
    assert (row.cost, row.prompt_tokens, row.completion_tokens, row.model) == (cost, 7, 13, "gpt-4o")
    assert (row.deployment_id, row.route, row.tags, row.customer) == (priced.pk, made.route, ["night"], "acme")
    for pk in (key.pk, key.user_id, key.team_id, key.organization_id, id_of_name("tag", "night")):
        assert DailyUsage.objects.get(object_id=pk).spend == Spend.objects.get(pk=pk).lifetime == cost


def test_a_released_call_is_not_in_the_books(cast: World, call: Callable[..., Any]) -> None:
    admission.release(call(cast.here.keys["member_team"].secret))  # type: ignore[attr-defined]
    assert recorder.flush() == 0


def test_what_was_spent_refuses_the_next_call(cast: World, call: Callable[..., Any]) -> None:
    key = cast.here.keys["member_team"]
    key.max_budget = 100_000  # a hundred tokens
    key.model_max_budget = {"gpt-4o": {"max_budget": 100_000}}
    key.save()
    admission.settle(call(key.secret), prompt_tokens=50, completion_tokens=50)  # type: ignore[attr-defined]
    with pytest.raises(admission.Refused) as caught:
        call(key.secret)  # type: ignore[attr-defined]
    assert caught.value.refusal.status == 422
    recorder.flush()
    assert Spend.objects.get(pk=key.pk).current == 100_000
    assert Spend.objects.get(pk=id_for_model(key.pk, "gpt-4o")).current == 100_000


def test_a_call_that_another_process_was_told_the_end_of_holds_nothing(
    cast: World,
    call: Callable[..., Any],
) -> None:
    key = cast.here.keys["member_team"]
    made = call(key.secret)  # type: ignore[attr-defined]
    settled = Event(made.request_id, made.caller.parties, "gpt-4o", timezone.now(), timezone.now(), cost=5)
    other_process = Recorder()
    assert other_process.record(settled)
    assert other_process.flush() == 1
    assert made.request_id in flying
    made.at -= 10**9  # noon is a long time ago, also for a fake clock
    Swept.at = 0.0
    sweep()
    assert made.request_id not in flying
    assert [purse.have for purse in made.offer.purses] == [purse.leased for purse in made.offer.purses]


def test_a_call_is_booked_however_long_its_address_and_however_dear(
    cast: World,
    call: Callable[..., Any],
) -> None:
    """What the database does not take would be a call for nothing."""
    made = call(cast.here.keys["member_team"].secret, route=f"/v1/models/{'x' * 300}")  # type: ignore[attr-defined]
    admission.settle(made, prompt_tokens=2**40, completion_tokens=2**40, cost=10**30)
    assert recorder.flush() == 1
    row = Usage.objects.get(request_id=made.request_id)
    assert (len(row.route), row.cost) == (128, 10**13)


def test_models_that_a_wildcard_stands_for_do_not_grow_the_days_without_end(
    cast: World, call: Callable[..., Any], settings: Any
) -> None:
    settings.MOST_MODELS_A_DAY = 1
    CatalogModel.objects.create(name="gpt-4*", input_price=10**9)
    key = cast.here.keys["member_team"]
    type(cast.organization).objects.filter(pk=cast.organization.pk).update(models=[])
    for name in ("gpt-4-1", "gpt-4-2", "gpt-4-3", "gpt-4o"):
        admission.settle(call(key.secret, name), prompt_tokens=10, completion_tokens=0)  # type: ignore[attr-defined]
        recorder.flush()
    days = DailyUsage.objects.filter(object_id=key.pk).values_list("model", "requests")
    assert dict(days) == {"gpt-4-1": 1, "gpt-4*": 2, "gpt-4o": 1}, "what the catalog names counts by its name"
    assert Usage.objects.filter(key_id=key.pk, model__in=["gpt-4-2", "gpt-4-3"]).count() == 2
