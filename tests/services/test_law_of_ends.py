"""A law: whatever those do who hold something until a moment, after it nobody can do what only that let them do.

Generated sequences of services, asked by the holder, by accomplices who have nothing and by members who have little.
After the end everybody, and every key whose secret they got, is asked for everything, and may do no more than those
people could at that moment had nothing been done.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import Membership, User
from teams.services.invitations import invitation_of
from tests.factories import UserFactory
from tests.services.plots import (
    Plot,
    founder,
    known,
    org_admin,
    play,
    project_owner,
    scopes,
    team_admin,
    team_that_shares,
)
from tests.world import World

pytestmark = pytest.mark.sqlite


def held(actor: Actor, rows: list[Any], without: Any = None) -> set[Any]:
    """What the actor is and may do, on the rows but one."""
    found: set[Any] = {("role", scope, role) for scope, role in actor.roles.items()} if actor.active else set()
    for row in rows:
        if row.pk != without:
            found |= {(action, row.pk) for action in Action if policy.can(actor, action, row)}
    return found


def rows_of(cast: World) -> list[Any]:
    """What is there before anything is done."""
    members = Membership.objects.filter(organization=cast.organization).order_by("pk")[::6]
    keys = [cast.here.keys[name] for name in ("member_team", "team_service", "project_service", "member_personal")]
    return [*scopes(), *members, *keys]


def on_what_is_new(baseline: set[Any], rows: list[Any]) -> set[Any]:
    """What somebody may do on the teams and projects that were founded meanwhile, from the organization above."""
    return {(action, row.pk) for row in rows for action in Action if (action, row.organization_id) in baseline}


@pytest.fixture
def sequences(cast: World, settings: Any) -> Callable[[Any, int], Iterator[Plot]]:
    """Sequences in which somebody holds something until a moment, each gone again afterwards."""
    settings.AVAILABLE_TEAMS = [str(cast.other_team.pk)]

    def run(temporary: Any, count: int) -> Iterator[Plot]:
        for seed in range(count):
            end = timezone.now() + timedelta(hours=3)
            with transaction.atomic():
                holder = temporary(cast, end)
                accomplices = [UserFactory(email=f"accomplice{number}@example.com") for number in range(2)]
                people = [holder, *accomplices, cast.member, cast.project_member]
                for person in {holder, cast.member, cast.project_member, cast.colleague}:
                    if person.memberships.filter(organization=cast.organization).exists():
                        services.join_team(known(person), cast.other_team)  # what they may do by themselves
                yield Plot(cast, random.Random(seed), end, people)
                transaction.set_rollback(True)

    return run


@pytest.mark.parametrize("temporary", [team_admin, project_owner, org_admin, team_that_shares, founder])
def test_nobody_outlives_what_they_held(sequences: Any, temporary: Any) -> None:
    done: Counter[str] = Counter()
    for plot in sequences(temporary, 3):
        there, before = set(User.objects.values_list("pk", flat=True)), rows_of(plot.cast)
        watched = [*plot.people, plot.cast.outsider, plot.cast.colleague]
        with time_machine.travel(plot.end + timedelta(seconds=1), tick=False):
            baseline = {person.pk: held(known(person), before) for person in watched}
        play(plot)
        done += plot.done
        with time_machine.travel(plot.end + timedelta(seconds=1), tick=False):
            new = [row for row in scopes() if row not in before]
            kept = [*(row for row in before if type(row).objects.filter(pk=row.pk).exists()), *new]
            for can in baseline.values():
                can |= on_what_is_new(can, [row for row in new if row.kind != "organization"])
            for person in [*watched, *User.objects.filter(kind="person").exclude(pk__in=there)]:
                more = held(known(person), kept) - baseline.get(person.pk, set())
                assert not more, (temporary, person, more)
            for person, key in plot.keys:
                row = Key.objects.select_related("user").filter(pk=key.pk, token=key.token).first()
                if row is not None:
                    able = held(Actor.for_key(row), kept, without=row.pk)
                    assert able <= baseline[person.pk], (temporary, person, row, row.expires_at)
            for person, other in plot.became:
                more = held(known(other), kept) - baseline[person.pk]
                assert not more, (temporary, person, other, more)
            assert not [link for link in plot.links if invitation_of(link) is not None]
    assert done["refused"] > 10
    assert sum(done.values()) - done["refused"] > 10, "a plot in which nothing is given proves nothing"
