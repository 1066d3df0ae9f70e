"""The record of many changes, written at the end: the same rows, and none of what was taken back."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from rbacadmin import audit
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Actor
from tests.world import World

MASTER = Actor.master()


def told() -> list[dict[str, int]]:
    found = AuditEvent.objects.filter(event="team.updated")
    return list(found.order_by("created_at").values_list("details", flat=True))


def fail(cast: World, number: int) -> None:
    audit.record(MASTER, "team.updated", cast.team, number=number)
    raise ZeroDivisionError


def test_what_is_recorded_together_stands_there_at_the_end_in_its_order(cast: World) -> None:
    changes = Change.objects.count()
    with audit.together():
        with CaptureQueriesContext(connection) as queries:
            for number in range(20):
                audit.record(MASTER, "team.updated", cast.team, number=number)
        assert (len(queries), told()) == (0, [])
    assert told() == [{"number": number} for number in range(20)]
    last = Change.objects.order_by("-seq")[:20]
    assert {(one.kind, one.object_id, one.op) for one in last} == {("team", str(cast.team.pk), "updated")}
    assert Change.objects.count() == changes + 20


def test_what_fails_leaves_no_record_and_takes_no_others_along(cast: World) -> None:
    changes = Change.objects.count()
    with audit.together():
        for number in range(3):
            with pytest.raises(ZeroDivisionError), transaction.atomic(), audit.together():
                fail(cast, number)
            with transaction.atomic(), audit.together():
                audit.record(MASTER, "team.updated", cast.team, number=-number)
    assert told() == [{"number": 0}, {"number": -1}, {"number": -2}]
    assert Change.objects.count() == changes + 3


def test_a_savepoint_that_goes_takes_its_record_with_it(cast: World) -> None:
    with audit.together():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            fail(cast, 1)
        with transaction.atomic():
            audit.record(MASTER, "team.updated", cast.team, number=2)
    assert told() == [{"number": 2}]
