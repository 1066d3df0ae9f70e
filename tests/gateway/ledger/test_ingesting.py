"""SPD-06: usage is written by the gateway's credential alone, call by call, each once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gateway import admission
from gateway.ledger.ingesting import MOST, ingest
from gateway.ledger.reports import CHECKS, Report, checked
from gateway.models import CatalogModel, Spend, Usage
from keys.models import Key
from rbacadmin.errors import PermissionDenied
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from tests.factories import KeyFactory
from tests.gateway.admission.conftest import ROUTE
from tests.world import World


@pytest.fixture
def gateway(cast: World) -> Iterator[Actor]:
    admission.forget()
    yield Actor.for_key(KeyFactory(kind=Key.Kind.GATEWAY))
    admission.forget()


@pytest.fixture
def priced(cast: World) -> CatalogModel:
    model: CatalogModel = cast.catalog["gpt-4o"]
    model.input_price, model.output_price = 10**9, 3 * 10**9
    model.save()
    return model


def report(cast: World, **more: Any) -> dict[str, Any]:
    key = cast.here.keys["member_team"]
    return {
        "request_id": "r1",
        "key": key.public_id,
        "model": "gpt-4o",
        "prompt_tokens": 7,
        "completion_tokens": 1,
    } | more


def test_a_reported_call_is_priced_and_counts_for_its_key(cast: World, gateway: Actor, priced: CatalogModel) -> None:
    key = cast.here.keys["member_team"]
    result = ingest(gateway, [report(cast, tags=["a"], customer="acme", route=ROUTE)])[0]
    assert (result.request_id, result.status, result.cost) == ("r1", "recorded", 10_000)
    row = Usage.objects.get()
    assert (row.key_id, row.team_id, row.cost, row.deployment_id) == (key.pk, key.team_id, 10_000, priced.pk)
    assert Spend.objects.get(pk=key.organization_id).lifetime == 10_000


def test_a_call_counts_once_however_often_it_is_reported(cast: World, gateway: Actor, priced: CatalogModel) -> None:
    twice = [report(cast), report(cast)]
    assert [result.status for result in ingest(gateway, twice)] == ["recorded", "duplicate"]
    assert [result.status for result in ingest(gateway, twice)] == ["duplicate", "duplicate"]
    assert Spend.objects.get(pk=cast.team.pk).lifetime == 10_000


def test_a_call_that_was_admitted_here_is_settled(cast: World, gateway: Actor, priced: CatalogModel) -> None:
    caller = admission.authenticate(cast.here.keys["member_team"].secret)  # type: ignore[attr-defined]
    call = admission.admit(caller, model="gpt-4o", route=ROUTE, prompt_tokens=100, completion_tokens=100)
    given_back = report(cast, request_id=call.request_id, cost="0.5")
    del given_back["key"]
    result = ingest(gateway, [given_back])[0]
    assert (result.status, result.cost) == ("recorded", 5 * 10**8)
    assert call.offer.purses
    assert all(purse.leased == purse.have for purse in call.offer.purses)
    with pytest.raises(LookupError):
        admission.settle(call, prompt_tokens=1, completion_tokens=1)


def test_what_is_wrong_is_refused_alone_with_field_and_rule(cast: World, gateway: Actor, priced: CatalogModel) -> None:
    now = timezone.now()
    wrong: list[tuple[Any, str]] = [
        ("nothing", ""),
        ({}, "request_id"),
        (report(cast, request_id="x" * 129), "request_id"),
        (report(cast, request_id="a\x00b"), "request_id"),
        (report(cast, key="nobody"), "key"),
        (report(cast, key=None), "key"),
        (report(cast, model="unheard of"), "model"),
        (report(cast, prompt_tokens=-1), "prompt_tokens"),
        (report(cast, completion_tokens=1.5), "completion_tokens"),
        (report(cast, cost="much"), "cost"),
        (report(cast, cost=-1), "cost"),
        (report(cast, cost=10**7), "cost"),
        (report(cast, status="fine"), "status"),
        (report(cast, tags="a"), "tags"),
        (report(cast, ended_at=(now + timedelta(hours=1)).isoformat()), "ended_at"),
        (report(cast, ended_at=(now - timedelta(days=31)).isoformat()), "ended_at"),
        (report(cast, started_at=now.isoformat(), ended_at=(now - timedelta(1)).isoformat()), "started_at"),
        (report(cast, started_at=1e300), "started_at"),
        (report(cast, spend=1), "spend"),
    ]
    results = ingest(gateway, [*(event for event, _ in wrong), report(cast, request_id="good")])
    assert [result.status for result in results] == ["refused"] * len(wrong) + ["recorded"]
    for result, (_, name) in zip(results, wrong, strict=False):
        assert list(result.errors) == [name] or (name == "request_id" and name in result.errors)
    assert Usage.objects.count() == 1


@pytest.mark.parametrize("name", ["proxy_admin", "auditor", "org_admin", "team_admin", "member", "viewer"])
def test_nobody_else_writes_usage_and_whoever_tries_is_on_record(cast: World, name: str) -> None:
    with pytest.raises(PermissionDenied):
        ingest(cast.actor(name), [report(cast)])
    assert not Usage.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.status) == ("usage.record", "refused", 403)


def test_the_master_key_writes_none_either(cast: World) -> None:
    with pytest.raises(PermissionDenied):
        ingest(Actor.master(), [report(cast)])


def test_there_is_a_bound(cast: World, gateway: Actor) -> None:
    with pytest.raises(ValueError, match="At most"):
        ingest(gateway, [{}] * (MOST + 1))


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda part: st.lists(part, max_size=2)
)


@given(st.dictionaries(st.sampled_from(sorted(CHECKS)) | st.text(max_size=3), junk, max_size=8))
def test_whatever_is_reported_is_a_report_or_has_errors(event: dict[str, Any]) -> None:
    found = checked(event)
    assert found if isinstance(found, dict) else isinstance(found, Report)
