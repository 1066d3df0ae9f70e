"""What a write locks, and in which order; it works on what it locked, whatever the caller holds."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from rbacadmin.errors import Conflict, NotFound
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from rbacadmin.service import locking, service
from teams.models import Membership, Team, User
from teams.services import change_member
from tests.factories import TeamFactory, UserFactory
from tests.services.test_write_path import rename_team
from tests.world import World


def test_writes_get_fresh_rows(cast: World) -> None:
    """What the caller holds may be old: the service works on what it locked."""
    stale = Team.objects.get(pk=cast.team.pk)
    Team.objects.filter(pk=cast.team.pk).update(max_budget=5)
    rename_team(cast.actor("team_admin"), stale, alias="new")
    assert Team.objects.get(pk=cast.team.pk).max_budget == 5


def test_a_row_that_is_gone_is_not_found(cast: World) -> None:
    gone = TeamFactory(organization=cast.organization)
    Team.objects.filter(pk=gone.pk).delete()
    with pytest.raises(NotFound) as caught:
        rename_team(cast.actor("org_admin"), gone, alias="new")
    assert str(caught.value) == f"No team '{gone.public_id}'."
    assert not AuditEvent.objects.exists()


def test_a_row_that_was_moved_meanwhile_is_a_conflict(cast: World) -> None:
    """Its new parents were not locked, and the rights that the caller was checked for are others."""
    stale = Team.objects.get(pk=cast.team.pk)
    Team.objects.filter(pk=cast.team.pk).update(organization=cast.there.organization)
    with pytest.raises(Conflict) as caught:
        rename_team(cast.actor("org_admin"), stale, alias="new")
    assert caught.value.code == "moved"


def test_rows_in_lists_are_locked_and_fresh_too(cast: World) -> None:
    @service
    def look(actor: Actor, *, teams: list[Team]) -> list[int | None]:
        return [team.max_budget for team in teams]

    stale = [Team.objects.get(pk=cast.team.pk)]
    Team.objects.filter(pk=cast.team.pk).update(max_budget=7)
    assert look(cast.actor("team_admin"), teams=stale) == [7]


def statements(run: Any) -> list[str]:
    with CaptureQueriesContext(connection) as context:
        run()
    return [query["sql"] for query in context]


def first(sql: list[str], *parts: str) -> int:
    """The place of the first statement that holds all the parts."""
    return next(number for number, text in enumerate(sql) if all(part in text for part in parts))


def test_parents_are_read_before_children_and_the_actor_after_both(cast: World) -> None:
    membership = Membership.objects.get(user=cast.member, team=cast.team)

    actor = cast.actor("team_admin")
    sql = statements(lambda: change_member(actor, membership, role="admin"))
    organization = first(sql, 'FROM "orgs_organization"')
    team = first(sql, 'FROM "teams_team"')
    member = first(sql, 'FROM "teams_membership"', f"{membership.pk.hex}"[:8])
    person = first(sql, 'FROM "teams_user"', str(cast.team_admin.pk.hex)[:8])
    assert organization < team < member < person
    assert not [text for text in sql[: person + 1] if text.startswith("UPDATE")]


@pytest.mark.postgres
def test_rows_are_locked_on_postgresql(cast: World) -> None:
    actor = cast.actor("team_admin")
    sql = statements(lambda: rename_team(actor, cast.team, alias="new"))
    locks = [text for text in sql if "FOR NO KEY UPDATE" in text]
    assert [text.split('FROM "')[1].split('"')[0] for text in locks] == ["orgs_organization", "teams_team"]


@pytest.mark.postgres
def test_the_person_of_a_membership_is_locked_too(cast: World) -> None:
    """Whoever mints a key for them holds their row: a carried key must not slip past their leaving."""
    membership = Membership.objects.get(user=cast.reader, organization=cast.organization)

    sql = statements(lambda: change_member(cast.actor("org_admin"), membership, role="org_admin"))
    locks = [text.split('FROM "')[1].split('"')[0] for text in sql if "FOR NO KEY UPDATE" in text]
    assert locks == ["orgs_organization", "teams_membership", "teams_user"]


@pytest.mark.postgres
def test_what_a_verb_guards_is_locked_along_in_one_order(cast: World) -> None:
    """Those among whom one must remain: two who guard the same people wait for each other."""

    def everybody(rows: list[Model]) -> Iterable[Model]:
        assert rows == [cast.member]
        return User.objects.filter(pk__in=[cast.loner.pk, gone.pk])

    @service
    @locking(everybody)
    def look(actor: Actor, person: User) -> None:
        User.objects.get(pk=person.pk)

    gone = UserFactory()
    sql = statements(lambda: look(cast.actor("proxy_admin"), cast.member))
    (locked,) = [text for text in sql if "FOR NO KEY UPDATE" in text]
    assert all(person.pk.hex in locked for person in (cast.member, cast.loner, gone))
    assert "ORDER BY" in locked
