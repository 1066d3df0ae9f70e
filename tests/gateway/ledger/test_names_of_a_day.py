"""Tags, end users and models of wildcards have a number a day: the books are bounded, and no money is lost."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from gateway.ledger import naming
from gateway.ledger.purse import purses
from gateway.ledger.recording import Recorder
from gateway.ledger.retention import forget_calls
from gateway.ledger.terms import id_for_model
from gateway.ledger.usage import OTHER, Event, Parties, id_of_name
from gateway.models import Customer, DailyUsage, Label, Spend, Usage
from tests.world import World


@pytest.fixture
def ledger(db: None, settings: Any) -> Iterator[Recorder]:
    settings.MOST_NAMES_A_DAY = settings.MOST_MODELS_A_DAY = 2
    naming.forget()
    yield Recorder()
    purses.clear()
    naming.forget()


def call(organization: Any, *tags: str, customer: str = "", model: str = "gpt-4", entry: str = "gpt-4") -> Event:
    now = timezone.now()
    parties = Parties(organization_id=organization.pk if organization else None)
    return Event(uuid.uuid4().hex, parties, model, now, now, 5, tags=tags, customer=customer, entry=entry)


def write(ledger: Recorder, *events: Event) -> None:
    for event in events:
        ledger.record(event)
    ledger.flush()


def counted(kind: str, name: str) -> tuple[int, int]:
    """Requests of the days, and the spend of a lifetime, under a name."""
    pk = id_of_name(kind, name)
    days = DailyUsage.objects.filter(kind=kind, object_id=pk).values_list("requests", flat=True)
    return sum(days), sum(Spend.objects.filter(pk=pk).values_list("lifetime", flat=True))


def test_names_beyond_the_number_are_counted_together(cast: World, ledger: Recorder) -> None:
    ours = cast.organization
    for one in (call(ours, "a", customer="u1"), call(ours, "b"), call(ours, "c", "d"), call(ours, "a", "c")):
        write(ledger, one)
    for _ in range(2):  # known to this process, and then to the database alone
        write(ledger, call(ours, "e"), call(ours, "b"), call(ours, customer="u1"))
        naming.forget()
    assert [counted("tag", name) for name in "abcde"] == [(2, 10), (3, 15), (0, 0), (0, 0), (0, 0)]
    assert counted("tag", OTHER) == (4, 20), "a call with two of them counts once"
    assert counted("customer", "u1") == (3, 15)
    assert set(Label.objects.values_list("kind", "name")) == {
        *(("tag", name) for name in ("a", "b", OTHER)),
        ("customer", "u1"),
    }
    assert Usage.objects.filter(tags=["c", "d"]).exists(), "the call keeps its own words"
    assert DailyUsage.objects.get(kind="organization").requests == 10


def test_each_organization_and_each_day_has_its_own(cast: World, ledger: Recorder) -> None:
    write(ledger, call(cast.organization, "a", "b", "e"), call(cast.there.organization, "c"), call(None, "d"))
    assert counted("tag", "c")[0] == counted("tag", "d")[0] == counted("tag", OTHER)[0] == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert forget_calls() == 0
        write(ledger, call(cast.organization, "c"))
    assert counted("tag", "c") == (2, 10)


def test_a_customer_with_a_row_always_counts_for_their_own_budget(cast: World, ledger: Recorder) -> None:
    Customer.objects.create(id=id_of_name("customer", "known"), public_id="known", max_budget=10)
    for name in ("u1", "u2", "u3", "known"):
        write(ledger, call(cast.organization, customer=name))
    assert counted("customer", "known") == (1, 5)
    assert counted("customer", OTHER) == (1, 5)


def test_models_of_wildcards_beyond_the_number_are_counted_under_the_wildcard(cast: World, ledger: Recorder) -> None:
    ours, theirs = cast.organization, cast.there.organization
    for name in ("openai/a", "openai/b", "openai/c", "openai/a", "openai/d"):
        write(ledger, call(ours, "tag", model=name, entry="openai/*"))
        naming.forget()
    write(ledger, call(ours), call(ours, model="o3", entry="o3"), call(ours, model="mine", entry=""))
    write(ledger, call(theirs, model="openai/c", entry="openai/*"))

    def models(kind: str, pk: uuid.UUID) -> dict[str, tuple[int, int]]:
        rows = DailyUsage.objects.filter(kind=kind, object_id=pk)
        return {row.model: (row.requests, row.spend) for row in rows}

    together = {"openai/a": (2, 10), "openai/b": (1, 5), "openai/*": (2, 10)}
    assert models("organization", ours.pk) == {**together, "gpt-4": (1, 5), "o3": (1, 5), OTHER: (1, 5)}
    assert models("tag", id_of_name("tag", "tag")) == together
    assert models("organization", theirs.pk) == {"openai/c": (1, 5)}, "each organization has its own"
    assert set(Usage.objects.filter(model__startswith="openai/").values_list("model", flat=True)) == {
        *(f"openai/{letter}" for letter in "abcd")
    }, "the call keeps the name that it was made by"
    assert not Label.objects.filter(kind="model").exists()


def test_a_budget_for_one_model_of_a_wildcard_counts_it_by_name(cast: World, ledger: Recorder, settings: Any) -> None:
    settings.MOST_MODELS_A_DAY = 0
    team = cast.team
    team.model_max_budget = {"openai/a": 1}
    team.save()
    now = timezone.now()
    write(ledger, Event("one", Parties(team_id=team.pk), "openai/a", now, now, 5, entry="openai/*"))
    assert DailyUsage.objects.get(object_id=team.pk).model == "openai/*"
    assert Spend.objects.get(pk=id_for_model(team.pk, "openai/a")).lifetime == 5
