"""At once (rulebook 24): no decision is older than the answer that changed it, in this process and in others.

These tests commit, so they make their own rows; none may use `cast`.
"""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from gateway import admission
from gateway.access_groups import create_access_group, update_access_group
from gateway.admission import Refused, evict
from gateway.catalog import block_model, create_model
from gateway.models import CatalogModel, Spend
from gateway.resetting import reset_spend
from keys.rotation import regenerate_key
from keys.services import block_key, delete_keys, unblock_key, update_key
from rbacadmin.blocking import block_scope, unblock_scope
from rbacadmin.policy import Action, Actor
from teams.models import Membership
from teams.services import (
    add_member,
    block_users,
    remove_member,
    share_scope,
    unblock_users,
    unshare_scope,
    update_team,
)
from tests.factories import KeyFactory, ProjectFactory, TeamFactory, UserFactory, join

pytestmark = pytest.mark.django_db(transaction=True)

ROUTE = "/v1/chat/completions"
MASTER = Actor.master()


class Place:
    """A team with a member whose key may call `gpt`, warm."""

    def __init__(self) -> None:
        call_command("createcachetable", verbosity=0)
        self.team = TeamFactory(max_budget=10**9)
        self.user = UserFactory()
        self.membership = join(self.user, self.team, "user")
        self.key: Any = KeyFactory(user=self.user, team=self.team, organization=self.team.organization)
        self.model = CatalogModel.objects.create(name="gpt", input_price=10**9, output_price=10**9)
        assert self.status() == 200

    def status(self, secret: str = "", model: str = "gpt") -> int:
        """What the next call is answered."""
        try:
            caller = admission.authenticate(secret or self.key.secret)
            call = admission.admit(caller, model=model, route=ROUTE, prompt_tokens=1, completion_tokens=1)
        except Refused as refused:
            return refused.refusal.status
        admission.release(call)
        return 200

    def is_warm(self) -> bool:
        return evict.digest(self.key.secret) in evict.callers


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_key_that_is_blocked_expired_or_deleted_is_refused_by_the_next_decision(place: Place) -> None:
    block_key(MASTER, place.key)
    assert place.status() == 401
    unblock_key(MASTER, place.key)
    assert place.status() == 200
    update_key(MASTER, place.key, expires_at=timezone.now() - timedelta(seconds=1))
    assert place.status() == 401
    update_key(MASTER, place.key, expires_at=None)
    assert place.status() == 200
    assert place.is_warm()
    delete_keys(MASTER, place.key)
    assert place.status() == 401


def test_a_key_is_known_as_soon_as_it_is_made(place: Place) -> None:
    """A token that was unknown a moment ago is not refused from memory."""
    _key, old = regenerate_key(MASTER, place.key)
    assert place.status() == 401
    assert place.status(old) == 200
    place.key, secret = regenerate_key(MASTER, place.key, grace=timedelta(hours=1))
    assert (place.status(old), place.status(secret)) == (200, 200)


def test_a_person_who_is_blocked_or_leaves_calls_nothing_any_more(place: Place) -> None:
    block_users(MASTER, [place.user])
    assert place.status() == 401
    unblock_users(MASTER, [place.user])
    assert place.status() == 200
    remove_member(MASTER, place.membership)
    assert place.status() == 401  # the key went with the membership


def test_a_person_who_joins_calls_at_once(place: Place) -> None:
    newcomer = UserFactory()
    join(newcomer, place.team.organization, "internal_user")
    key: Any = KeyFactory(user=newcomer, team=place.team, organization=place.team.organization)
    assert place.status(key.secret) == 403
    add_member(MASTER, place.team, person=newcomer.public_id, role="user")
    assert place.status(key.secret) == 200


def test_what_is_shared_changed_or_ends_by_itself_is_obeyed_by_the_next_decision(place: Place) -> None:
    organization: Any = place.team.organization
    project = ProjectFactory(organization=organization)
    key: Any = KeyFactory(user=place.user, project=project, organization=organization)
    assert place.status(key.secret) == 403
    share_scope(MASTER, project, team=place.team, actions=[Action.CALL_MODELS])
    assert place.status(key.secret) == 200
    share_scope(MASTER, project, team=place.team, actions=[Action.VIEW_SPEND])
    assert place.status(key.secret) == 403
    end = timezone.now() + timedelta(seconds=0.6)
    share_scope(MASTER, project, team=place.team, actions=[Action.CALL_MODELS], expires_at=end)
    assert place.status(key.secret) == 200
    time.sleep(0.7)
    assert place.status(key.secret) == 403
    share_scope(MASTER, project, team=place.team, actions=[Action.CALL_MODELS])
    assert place.status(key.secret) == 200
    unshare_scope(MASTER, project, team=place.team)
    assert place.status(key.secret) == 403


def test_a_scope_that_is_blocked_or_limited_is_obeyed_by_the_next_decision(place: Place) -> None:
    block_scope(MASTER, place.team)
    assert place.status() == 403
    unblock_scope(MASTER, place.team)
    block_scope(MASTER, place.team.organization)
    assert place.status() == 403
    unblock_scope(MASTER, place.team.organization)
    assert place.status() == 200
    update_team(MASTER, place.team, rpm_limit=0)
    assert place.status() == 429
    update_team(MASTER, place.team, rpm_limit=None, models=["other"])
    assert place.status() == 403
    update_team(MASTER, place.team, models=None)
    assert place.status() == 200


def test_a_budget_that_is_lowered_below_what_was_spent_refuses_and_a_reset_frees(place: Place) -> None:
    Spend.objects.filter(object_id=place.team.pk).update(current=5 * 10**8)
    update_team(MASTER, place.team, max_budget=4 * 10**8)
    assert place.status() == 422
    place.team.refresh_from_db()
    reset_spend(MASTER, place.team)
    assert place.status() == 200


def test_models_and_groups_that_change_are_obeyed_by_the_next_decision(place: Place) -> None:
    create_access_group(MASTER, name="some", models=["gpt"])
    update_team(MASTER, place.team, models=["some"])
    assert place.status() == 200
    create_model(MASTER, name="other")
    update_access_group(MASTER, group_named("some"), models=["other"])
    assert (place.status(), place.status(model="other")) == (403, 200)
    update_access_group(MASTER, group_named("some"), models=["gpt", "other"])
    assert place.status() == 200
    block_model(MASTER, place.model)
    assert place.status() == 403


def group_named(name: str) -> Any:
    from gateway.models import ModelAccessGroup

    return ModelAccessGroup.objects.get(name=name)


def test_a_caller_that_was_read_while_something_was_evicted_is_not_kept(place: Place) -> None:
    caller = admission.authenticate(place.key.secret)
    began = evict.generation
    evict.evict({place.team.pk})
    assert not place.is_warm()
    assert not evict.store(evict.digest(place.key.secret), caller, began)
    assert not place.is_warm()


def test_a_membership_that_runs_out_ends_at_its_moment(place: Place) -> None:
    end = timezone.now() + timedelta(seconds=0.3)
    Membership.objects.filter(user=place.user).update(expires_at=end)
    admission.forget()
    assert place.status() == 200
    time.sleep(0.35)
    assert place.status() == 403
