"""The suite's own eyes: whatever changes a managed row is seen, and nothing is read twice for nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from keys.models import Key
from rbacadmin.models import AuditEvent
from teams.models import Membership, Team, User
from tests.factories import TeamFactory
from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot
from tests.test_queries import counted
from tests.world import World


def refused() -> None:
    AuditEvent.objects.create(event="x.y", principal="p", actor_label="p", door="test", outcome="refused")


def raw(sql: str) -> Callable[[World], Any]:
    def run(cast: World) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return run


WRITES: dict[str, tuple[Callable[[World], Any], str]] = {
    "create": (lambda cast: TeamFactory(organization=cast.organization), "teams.Team"),
    "save": (lambda cast: cast.team.save(), ""),
    "update": (lambda cast: Team.objects.filter(pk=cast.team.pk).update(alias="other"), "teams.Team"),
    "one managed column": (lambda cast: Key.objects.update(alias="x"), "keys.Key"),
    "delete": (lambda cast: Membership.objects.filter(user=cast.member).delete(), "teams.Membership"),
    "bulk": (lambda cast: User.objects.bulk_create([User(email="bulk@example.com", public_id="bulk")]), "teams.User"),
    "raw": (raw("UPDATE teams_team SET alias = 'raw'"), "teams.Team"),
    "quoted": (raw('update "teams_team" set "alias" = \'raw\''), "teams.Team"),
    "with": (raw("WITH t AS (SELECT 1) DELETE FROM teams_membership"), "teams.Membership"),
    "padded": (raw("  /* x */ DELETE FROM teams_membership"), "teams.Membership"),
    "noticed and managed": (
        lambda cast: Key.objects.update(last_used_at=timezone.now(), alias="noticed"),
        "keys.Key",
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_seen(cast: World, name: str) -> None:
    write, label = WRITES[name]
    before = snapshot()
    write(cast)
    assert not label or label in changed(before, snapshot())


@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_was_undone_is_none_and_one_that_stays_is_seen_after_it(cast: World, name: str) -> None:
    before = snapshot()
    with undone():
        WRITES[name][0](cast)
        inside = snapshot()
    assert snapshot() is before
    assert WRITES[name][1] in ("", *changed(before, inside))
    with transaction.atomic():
        WRITES[name][0](cast)
    assert WRITES[name][1] in ("", *changed(before, snapshot()))


def test_what_was_written_before_the_savepoint_stays_seen(cast: World) -> None:
    before = snapshot()
    cast.team.delete()
    with undone():
        TeamFactory(organization=cast.organization)
    assert changed(before, snapshot())


def test_reads_and_what_is_not_managed_cost_no_reading(cast: World) -> None:
    before = snapshot()
    list(Team.objects.all())
    Key.objects.update(last_used_at=timezone.now())
    refused()
    with undone():
        refused()
    assert counted(snapshot) == 0
    assert snapshot() is before


def test_another_test_starts_anew(cast: World) -> None:
    assert counted(snapshot) > 10
