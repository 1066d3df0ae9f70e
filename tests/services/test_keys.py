"""Virtual keys: what may become of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from keys.models import Key
from keys.services import (
    block_key,
    delete_keys,
    unblock_key,
    update_key,
)
from rbacadmin.errors import PermissionDenied
from rbacadmin.models import Archived, AuditEvent, Change
from teams.models import User
from tests.factories import KeyFactory
from tests.world import World


def stored() -> tuple[Any, ...]:
    return (
        list(Key.objects.order_by("pk").values()),
        User.objects.count(),
        Change.objects.count(),
        Archived.objects.count(),
    )


def refused(error: type[Exception], run: Any, *args: Any, **kwargs: Any) -> Any:
    before = stored()
    with pytest.raises(error) as caught:
        run(*args, **kwargs)
    assert stored() == before
    return caught.value


def test_an_owner_narrows_and_renames_their_personal_key(cast: World) -> None:
    """KEY-12."""
    key = cast.here.keys["member_personal"]
    update_key(cast.actor("member"), key, alias="renamed", max_budget=10**9, models=["gpt-4"])
    event = AuditEvent.objects.get()
    assert event.event == "key.updated"
    assert event.details["changed"]["alias"] == ["member-personal", "renamed"]
    refused(PermissionDenied, update_key, cast.actor("colleague"), key, alias="stolen")
    refused(PermissionDenied, update_key, cast.actor("org_admin"), key, alias="theirs")  # merely carried: KEY-31


def test_raising_a_key_in_a_team_takes_more_than_changing_it(cast: World) -> None:
    """KEY-14: a granted member narrows only."""
    key = cast.here.keys["granted_colleague_team"]
    update_key(cast.actor("granted"), key, max_budget=10**9, expires_at=timezone.now() + timedelta(days=1))
    for values in ({"max_budget": 2 * 10**9}, {"max_budget": None}, {"expires_at": None}):
        refused(PermissionDenied, update_key, cast.actor("granted"), key, **values)
    update_key(cast.actor("org_admin"), key, max_budget=2 * 10**9, expires_at=None)


def test_a_block_remembers_its_level_and_never_sinks(cast: World) -> None:
    """Rulebook 11."""
    key = cast.here.keys["member_team"]
    block_key(cast.actor("org_admin"), key)
    block_key(cast.actor("team_admin"), key)
    key.refresh_from_db()
    assert key.blocked_by == "organization"
    refused(PermissionDenied, unblock_key, cast.actor("team_admin"), key)
    block_key(cast.actor("proxy_admin"), key)
    refused(PermissionDenied, unblock_key, cast.actor("org_admin"), key)
    unblock_key(cast.actor("proxy_admin"), key)
    key.refresh_from_db()
    assert key.blocked_by == ""
    events = list(AuditEvent.objects.filter(outcome="done").order_by("created_at").values_list("event", flat=True))
    assert events == ["key.blocked", "key.blocked", "key.unblocked"]
    assert AuditEvent.objects.filter(outcome="refused", event="key.unblock").count() == 2


def test_an_owner_does_not_lift_an_administrators_block(cast: World) -> None:
    """KEY-26 and KEY-27."""
    key = cast.here.keys["member_personal"]
    block_key(cast.actor("member"), key)
    unblock_key(cast.actor("member"), key)
    block_key(cast.actor("org_admin"), key)
    refused(PermissionDenied, unblock_key, cast.actor("member"), key)


def test_lifting_no_block_changes_nothing(cast: World) -> None:
    unblock_key(cast.actor("team_admin"), cast.here.keys["member_team"])
    assert not AuditEvent.objects.exists()


def test_deleted_keys_go_to_the_archive(cast: World) -> None:
    key = cast.here.keys["member_team"]
    delete_keys(cast.actor("team_admin"), key)
    assert not Key.objects.filter(pk=key.pk).exists()
    kept = Archived.objects.get()
    assert (kept.kind, kept.object_id, kept.name, kept.snapshot["owner"]) == (
        "key",
        str(key.pk),
        key.label,
        cast.member.email,
    )
    assert (AuditEvent.objects.get().event, Change.objects.get().op) == ("key.deleted", "deleted")


def test_of_several_keys_all_go_or_none(cast: World) -> None:
    mine, other = cast.here.keys["member_team"], cast.here.keys["outsider_team"]
    refused(PermissionDenied, delete_keys, cast.actor("team_admin"), mine, other)


def test_a_service_account_goes_with_its_last_key(cast: World) -> None:
    key = cast.here.keys["team_service"]
    second = KeyFactory(kind="service", user=key.user, team=cast.team, organization=cast.organization)
    delete_keys(cast.actor("team_admin"), key)
    assert User.objects.filter(pk=second.user_id).exists()
    delete_keys(cast.actor("team_admin"), second)
    assert not User.objects.filter(pk=second.user_id).exists()


@pytest.mark.parametrize("name", ["member", "reader", "auditor", "stranger", "viewer", "project_owner"])
def test_who_has_no_right_to_a_key_does_nothing_to_it(cast: World, name: str) -> None:
    key = cast.here.keys["colleague_team"]
    for verb in (block_key, unblock_key, delete_keys):
        refused(PermissionDenied, verb, cast.actor(name), key)
    refused(PermissionDenied, update_key, cast.actor(name), key, alias="x")
