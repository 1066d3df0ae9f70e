"""Reading the record: who sees which events, and what an event tells whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rbacadmin import audit, policy, trail
from rbacadmin.errors import NotFound, PermissionDenied
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Action, Actor, Origin
from teams.services import update_team
from tests.world import World

HOME = Origin(door="litellm", ip="192.0.2.9", request_id="r1")


def seen(actor: Actor) -> list[AuditEvent]:
    return list(policy.visible(actor, Action.VIEW_AUDIT, AuditEvent.objects.all()))


def told(cast: World, name: str) -> Any:
    actor = cast.actor(name)
    events = seen(actor)
    assert len(events) == 1, events
    return trail.tell(actor, events)[0]


def attempt(cast: World, name: str) -> None:
    """Somebody tries to rename a team that they cannot see."""
    with pytest.raises(NotFound):
        policy.find(Actor.for_user(getattr(cast, name), HOME), Action.CHANGE_TEAMS, type(cast.team), cast.team.pk)


def test_whoever_tried_the_invisible_learns_nothing_from_the_record(cast: World) -> None:
    """What is not there and what is not visible leave the same trace in one's own slice: none."""
    attempt(cast, "stranger")
    assert AuditEvent.objects.get().actor_user_id == cast.stranger.pk
    assert seen(cast.actor("stranger")) == []
    assert len(seen(cast.actor("org_admin"))) == 1, "whose team it is sees that somebody tried"


@pytest.mark.parametrize(("name", "knows"), [("proxy_admin", True), ("auditor", True), ("org_admin", False)])
def test_strangers_stay_nameless_for_the_tenant(cast: World, name: str, knows: bool) -> None:
    attempt(cast, "stranger")
    row = told(cast, name)
    assert row.who == (cast.stranger.email if knows else None)
    assert row.ip == (HOME.ip if knows else None)


def test_people_of_the_organization_are_named_when_they_try_too_much(cast: World) -> None:
    attempt(cast, "outsider")
    assert told(cast, "org_admin").who == cast.outsider.email


def test_asking_for_a_stranger_by_name_finds_no_more_than_is_told(cast: World) -> None:
    attempt(cast, "stranger")
    for name, found in (("org_admin", 0), ("proxy_admin", 1)):
        actor, events = cast.actor(name), AuditEvent.objects.all()
        assert events.filter(trail.acts_of(actor, [cast.stranger.pk])).count() == found
        assert events.filter(trail.mentioning(actor, "globex")).count() == found
        assert events.filter(trail.mentioning(actor, "acme core")).count() == 1, "their own team's name"


def test_addresses_are_for_the_platform_and_for_oneself(cast: World) -> None:
    update_team(Actor.for_user(cast.team_admin, HOME), cast.team, alias="new")
    for name, ip in (("team_admin", HOME.ip), ("second_team_admin", None), ("org_admin", None), ("auditor", HOME.ip)):
        assert told(cast, name).ip == ip, name


def test_a_moved_row_does_not_name_where_it_came_from(cast: World) -> None:
    here, there = cast.organization, cast.there.organization
    moved = {"organization_id": [str(there.pk), str(here.pk)], "alias": ["a", "b"]}
    audit.record(Actor.master(), "team.moved", cast.team, changed=moved, **{"from": there.alias, "to": here.public_id})
    row = told(cast, "org_admin")
    assert row.details == {
        "changed": {"organization_id": [None, str(here.pk)], "alias": ["a", "b"]},
        "from": None,
        "to": here.public_id,
    }
    assert row.scopes == {"organization": here.public_id, "team": cast.team.public_id, "project": None}
    assert told(cast, "auditor").details["from"] == there.alias


def test_the_organization_of_an_old_event_is_told_to_those_who_see_it(cast: World) -> None:
    audit.write(Actor.master(), "team.updated", cast.team, {
        "organization_id": cast.there.organization.pk, "team_id": cast.team.pk
    })  # fmt: skip
    assert told(cast, "team_admin").scopes["organization"] is None
    assert told(cast, "proxy_admin").scopes["organization"] == cast.there.organization.public_id


def test_a_refusal_names_no_people_but_to_the_platform(cast: World) -> None:
    with pytest.raises(PermissionDenied):
        update_team(Actor.for_user(cast.auditor, HOME), cast.team, alias="new")
    decision = told(cast, "org_admin").details["decision"]
    assert set(decision) == {"action", "object", "limits", "roles_that_could"}
    assert told(cast, "proxy_admin").details["decision"]["who_could"]


@pytest.mark.parametrize(
    ("event", "action"),
    [
        ("team.created", "created"),
        ("member.added", "created"),
        ("key.generated", "created"),
        ("member.removed", "deleted"),
        ("team.delete", "deleted"),
        ("team.add_models", "updated"),
        ("user.remove_factors", "updated"),
        ("key.blocked", "blocked"),
        ("key.unblock", "unblocked"),
        ("key.regenerated", "rotated"),
        ("team.permissions_updated", "updated"),
        ("key.spend_reset", "updated"),
        ("session.started", "updated"),
    ],
)
def test_every_event_is_one_of_litellms_actions(cast: World, event: str, action: str) -> None:
    audit.write(Actor.master(), event, None, {})
    assert trail.action_of(event) == action
    assert [name for name in trail.ACTIONS if AuditEvent.objects.filter(trail.did(name)).exists()] == [action]


def test_what_is_told_of_a_page_costs_the_same_at_three_events_and_at_thirty(
    cast: World, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        attempt(cast, "stranger")
        attempt(cast, "outsider")
        update_team(Actor.master(), cast.team, alias=f"{timezone.now()}")
    for count in (3, 30):
        actor = cast.actor("org_admin")
        events = list(policy.visible(actor, Action.VIEW_AUDIT, AuditEvent.objects.all())[:count])
        with django_assert_max_num_queries(4):
            assert len(trail.tell(actor, events)) == count


def test_an_export_is_on_record_and_changes_nothing(cast: World) -> None:
    trail.export_audit(cast.actor("org_admin"), cast.organization, filters={"start_date": timezone.now()})
    event = AuditEvent.objects.get()
    assert (event.event, event.organization_id) == ("audit.exported", cast.organization.pk)
    assert not Change.objects.exists()
    trail.export_audit(cast.actor("org_admin"))
    with pytest.raises(PermissionDenied):
        trail.export_audit(cast.actor("team_admin"), cast.team)
    with pytest.raises(PermissionDenied):
        trail.export_audit(cast.actor("team_admin"))


def test_an_export_holds_all_of_ones_slice_once_and_newest_first(cast: World) -> None:
    now = timezone.now()
    for number in range(205):
        made = audit.write(Actor.master(), "team.updated", cast.team, audit.scope_ids(cast.team))
        AuditEvent.objects.filter(pk=made.pk).update(created_at=now - timedelta(seconds=number // 3))
    audit.write(Actor.master(), "team.updated", cast.there.team, audit.scope_ids(cast.there.team))
    found = [row.event for rows in trail.batches(cast.actor("org_admin"), AuditEvent.objects.all()) for row in rows]
    assert len(found) == len({event.pk for event in found}) == 205
    assert found == sorted(found, key=lambda event: (event.created_at, event.pk), reverse=True)
    assert [rows for rows in trail.batches(cast.actor("team_admin"), AuditEvent.objects.all()) if rows] == []


def test_the_export_of_nothing_ends(cast: World) -> None:
    assert list(trail.batches(cast.actor("org_admin"), trail.between(AuditEvent.objects.all(), None, None))) == [[]]
