"""A new secret for an old key: for whom, for how long the old one lives on, and what stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from keys import secrets
from keys.actors import AuthenticationFailed, actor_for_bearer
from keys.models import Key
from keys.rotation import regenerate_key
from keys.services import block_key
from rbacadmin.errors import PermissionDenied
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Action, Actor, Origin
from tests.factories import KeyFactory, join
from tests.world import World


def refused(error: type[Exception], *args: Any, **kwargs: Any) -> Any:
    before = list(Key.objects.order_by("pk").values()), Change.objects.count()
    with pytest.raises(error) as caught:
        regenerate_key(*args, **kwargs)
    assert (list(Key.objects.order_by("pk").values()), Change.objects.count()) == before
    return caught.value


def opens(secret: str) -> bool:
    try:
        return bool(actor_for_bearer(secret, Origin()))
    except AuthenticationFailed:
        return False


def test_a_new_secret_ends_the_old_one_and_nothing_else(cast: World) -> None:
    old = KeyFactory(user=cast.member, organization=cast.organization, alias="laptop", max_budget=5, rpm_limit=3)
    key, secret = regenerate_key(cast.actor("member"), old)
    assert secrets.is_well_formed(secret)
    assert (opens(secret), opens(old.secret)) == (True, False)
    assert (key.pk, key.alias, key.max_budget, key.rpm_limit) == (old.pk, "laptop", 5, 3)
    event = AuditEvent.objects.get()
    assert (event.event, event.object_id, event.details) == ("key.regenerated", str(key.pk), {"grace_seconds": 0})
    assert secret not in str(AuditEvent.objects.values())
    assert Change.objects.get().op == "updated"


def test_the_old_secret_lives_on_for_the_grace_period_only(cast: World) -> None:
    old = cast.here.keys["member_personal"]
    key, secret = regenerate_key(cast.actor("member"), old, grace=timedelta(hours=1))
    assert opens(secret)
    assert opens(old.secret)
    Key.objects.filter(pk=key.pk).update(previous_until=timezone.now() - timedelta(seconds=1))
    assert not opens(old.secret)


def test_a_second_rotation_ends_the_grace_of_the_first(cast: World) -> None:
    old = cast.here.keys["member_personal"]
    key, second = regenerate_key(cast.actor("member"), old, grace=timedelta(hours=1))
    regenerate_key(cast.actor("member"), key)
    assert (opens(old.secret), opens(second)) == (False, False)


def test_a_grace_period_has_an_end(cast: World) -> None:
    error = refused(ValidationError, cast.actor("member"), cast.here.keys["member_personal"], grace=timedelta(days=31))
    assert "grace_period" in error.message_dict


def test_a_blocked_key_stays_blocked(cast: World) -> None:
    key = block_key(cast.actor("org_admin"), cast.here.keys["member_personal"])
    _, secret = regenerate_key(cast.actor("member"), key)
    assert not opens(secret)


@pytest.mark.parametrize("name", ["member", "colleague", "reader", "auditor", "viewer", "stranger", "project_owner"])
def test_who_may_not_regenerate_does_not(cast: World, name: str) -> None:
    refused(PermissionDenied, cast.actor(name), cast.here.keys["colleague_team"])
    assert AuditEvent.objects.get().event == "key.regenerate"


def test_nobody_regenerates_for_who_ranks_above(cast: World) -> None:
    """Rulebook 11: the secret in the answer would be the org admin's power in the team."""
    join(cast.org_admin, cast.team, "user")
    key = KeyFactory(user=cast.org_admin, team=cast.team, organization=cast.organization)
    refused(PermissionDenied, cast.actor("team_admin"), key)
    assert regenerate_key(cast.actor("org_admin"), key)


def test_a_key_of_few_actions_takes_over_no_wider_one(cast: World) -> None:
    """Rulebook 11, also among one's own keys."""
    few = KeyFactory(user=cast.member, actions=[Action.VIEW_KEYS.value, Action.REGENERATE_KEYS.value])
    wide = KeyFactory(user=cast.member)
    refused(PermissionDenied, Actor.for_key(few), wide)
    assert regenerate_key(Actor.for_key(few), few), "but it may renew itself"


def test_a_key_held_to_routes_takes_over_none_that_is_held_to_fewer(cast: World) -> None:
    held = KeyFactory(user=cast.member, allowed_routes=["/key/regenerate"])
    refused(PermissionDenied, Actor.for_key(held), KeyFactory(user=cast.member))
    assert regenerate_key(Actor.for_key(held), held)


def test_changes_along_with_the_secret_need_their_own_right(cast: World) -> None:
    """And are refused with it: never half done."""
    key = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, max_budget=5)
    cast.team.max_budget = 10
    cast.team.save()
    refused(ValidationError, cast.actor("team_admin"), key, max_budget=11)
    refused(PermissionDenied, cast.actor("team_admin"), key, permissions={"get_spend_routes": True})
    changed, _ = regenerate_key(cast.actor("team_admin"), key, alias="renewed", max_budget=7)
    assert (changed.alias, changed.max_budget) == ("renewed", 7)
    assert set(AuditEvent.objects.filter(outcome="done").values_list("event", flat=True)) == {
        "key.updated",
        "key.regenerated",
    }
