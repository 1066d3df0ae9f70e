"""Blocking and deleting people: who may, what ends with them, and who cannot go."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError

from gateway.models import DailyUsage, Spend
from keys.models import Key
from rbacadmin.errors import Conflict, NotFound, PermissionDenied
from rbacadmin.models import Archived, AuditEvent, Change
from rbacadmin.policy import Action, Actor, can
from teams.models import Invitation, Membership, User
from teams.services import block_users, delete_users, unblock_users
from tests.factories import KeyFactory, UserFactory, join
from tests.services.test_accounts import signs_in, with_password
from tests.world import World

VERBS = [block_users, delete_users]


def stored() -> tuple[Any, ...]:
    models: list[Any] = [User, Membership, Key, EmailAddress, Invitation, UserSession, Archived, Change]
    return tuple(list(model.objects.order_by("pk").values()) for model in models)


def refused(error: type[Exception], run: Any, *args: Any) -> Any:
    before = stored()
    with pytest.raises(error) as caught:
        run(*args)
    assert stored() == before
    event = AuditEvent.objects.get(outcome="refused")
    assert event.event == {block_users: "user.block", unblock_users: "user.unblock", delete_users: "user.delete"}[run]
    assert event.status == getattr(caught.value, "status", None)
    event.delete()
    return caught.value


def test_a_block_signs_out_and_shuts_every_door(cast: World) -> None:
    """USR-11."""
    me = with_password(cast.member)
    browser = signs_in(str(me.email))
    assert browser
    (blocked,) = block_users(cast.actor("proxy_admin"), [me])
    assert blocked.blocked_by == "platform"
    assert not UserSession.objects.filter(user=me).exists()
    assert browser.get("/ui/").status_code == 302
    assert signs_in(str(me.email)) is None
    assert not can(cast.actor("member"), Action.VIEW_PEOPLE, me)
    assert not Actor.for_key(cast.here.keys["member_team"]).active
    event = AuditEvent.objects.get(event="user.blocked")
    assert (event.object_id, event.details) == (str(me.pk), {"changed": {"blocked_by": ["", "platform"]}})
    unblock_users(cast.actor("proxy_admin"), [me])
    assert AuditEvent.objects.filter(event="user.unblocked").count() == 1
    assert signs_in(str(me.email))


@pytest.mark.parametrize("verb", [*VERBS, unblock_users])
@pytest.mark.parametrize("name", ["org_admin", "team_admin", "member", "auditor", "viewer", "stranger"])
def test_only_platform_admins_block_and_delete_people(cast: World, verb: Any, name: str) -> None:
    """USR-11, USR-12; also not oneself."""
    for person in (cast.colleague, getattr(cast, name)):
        refused(PermissionDenied, verb, cast.actor(name), [person])


@pytest.mark.parametrize("verb", VERBS)
def test_the_last_active_platform_admin_stays(cast: World, verb: Any) -> None:
    """Rulebook 10; the master key has no row and counts for nothing, a blocked admin neither."""
    UserFactory(platform_role="proxy_admin", blocked_by="platform")
    for actor in (Actor.master(), cast.actor("proxy_admin")):
        error = refused(Conflict, verb, actor, [cast.loner, cast.proxy_admin])
        assert (error.status, error.code, error.obj) == (409, "last_admin", cast.proxy_admin)


@pytest.mark.parametrize("verb", VERBS)
def test_the_guard_counts_over_the_whole_list(cast: World, verb: Any) -> None:
    """Rulebook 10: two of two at once are one too many; one of two may go, also oneself."""
    second = UserFactory(platform_role="proxy_admin")
    refused(Conflict, verb, cast.actor("proxy_admin"), [cast.proxy_admin, second])
    refused(Conflict, verb, Actor.master(), [second, cast.proxy_admin, second])
    verb(cast.actor("proxy_admin"), [cast.proxy_admin])
    assert User.objects.get(platform_role="proxy_admin", blocked_by="") == second


@pytest.mark.parametrize("verb", VERBS)
def test_the_last_admin_of_an_organization_stays(cast: World, verb: Any) -> None:
    """Rulebook 10, over the whole list too; whose membership has ended leads nobody."""
    error = refused(Conflict, verb, cast.actor("proxy_admin"), [cast.loner, cast.org_admin])
    assert (error.code, error.obj.organization) == ("last_leader", cast.organization)
    second = UserFactory()
    join(second, cast.organization, "org_admin")
    refused(Conflict, verb, cast.actor("proxy_admin"), [cast.org_admin, second])
    verb(cast.actor("proxy_admin"), [cast.org_admin])


@pytest.mark.parametrize("verb", VERBS)
def test_a_platform_admin_takes_the_last_leader_of_a_team_or_project(cast: World, verb: Any) -> None:
    """Rulebook 10: "unless a proxy admin does it"."""
    verb(cast.actor("proxy_admin"), [cast.team_admin, cast.here.people["second_team_admin"], cast.project_owner])


def test_who_goes_leaves_everything_and_history_stays(cast: World) -> None:
    """Rulebook 9: keys go with their owner, service keys and what was spent stay."""
    me = with_password(cast.member)
    browser = signs_in(str(me.email))
    assert browser
    join(me, cast.project, "member")
    loose = KeyFactory(user=me, alias="loose")
    spent = Spend.objects.create(kind="user", object_id=me.pk, lifetime=5, current=5)
    usage = DailyUsage.objects.create(kind="user", object_id=me.pk, day="2026-01-01", model="gpt-4", spend=5)
    past = AuditEvent.objects.filter(actor_user_id=me.pk).count()
    keys = set(Key.objects.filter(user=me).values_list("pk", flat=True))
    memberships = Membership.objects.filter(user=me).count()
    service = cast.here.keys["team_service"]

    assert delete_users(cast.actor("proxy_admin"), [me, me]) == 1

    assert not User.objects.filter(pk=me.pk).exists()
    assert browser.get("/ui/").status_code == 302
    assert not UserSession.objects.filter(user_id=me.pk).exists()
    assert not Key.objects.filter(pk__in=keys).exists()
    assert Key.objects.filter(pk=service.pk).exists()
    archived = {row.object_id: row for row in Archived.objects.all()}
    assert set(archived) == {str(pk) for pk in (*keys, me.pk)}
    assert archived[str(loose.pk)].name == "loose"
    assert (archived[str(me.pk)].name, archived[str(me.pk)].kind) == (me.email, "user")
    assert archived[str(me.pk)].snapshot["platform_role"] == "internal_user"
    assert me.password not in json.dumps(archived[str(me.pk)].snapshot)
    events = list(AuditEvent.objects.filter(outcome="done").values_list("event", flat=True))
    assert (events.count("member.removed"), events.count("key.deleted")) == (memberships, len(keys))
    assert events.count("user.deleted") == 1
    assert Change.objects.filter(kind="user", object_id=str(me.pk), op="deleted").count() == 1
    assert Spend.objects.filter(pk=spent.pk).exists()
    assert DailyUsage.objects.filter(pk=usage.pk).exists()
    assert AuditEvent.objects.filter(actor_user_id=me.pk).count() == past


def test_whose_place_has_ended_can_go_too(cast: World) -> None:
    """What is left of a membership goes along."""
    from datetime import timedelta

    from django.utils import timezone

    Membership.objects.filter(user=cast.member).update(expires_at=timezone.now() - timedelta(days=1))
    delete_users(cast.actor("proxy_admin"), [cast.member])
    assert not Membership.objects.filter(user_id=cast.member.pk).exists()


@pytest.mark.parametrize("verb", VERBS)
def test_all_or_none(cast: World, verb: Any) -> None:
    gone = UserFactory()
    User.objects.filter(pk=gone.pk).delete()
    before = stored()
    with pytest.raises(NotFound):
        verb(cast.actor("proxy_admin"), [cast.member, gone])
    assert stored() == before


def test_who_set_it_lifts_it(cast: World) -> None:
    """Rulebook 11; blocking twice is blocking once."""
    actor = cast.actor("proxy_admin")
    block_users(actor, [cast.member])
    block_users(actor, [cast.member])
    assert AuditEvent.objects.filter(event="user.blocked").count() == 1
    unblock_users(actor, [cast.member, cast.colleague])
    assert AuditEvent.objects.filter(event="user.unblocked").count() == 1


def test_one_who_cannot_go_keeps_all_of_them_here(cast: World) -> None:
    """A refusal of one part leaves the others as they were, also inside a list that may otherwise be done."""
    with pytest.raises((Conflict, ValidationError)):
        delete_users(cast.actor("proxy_admin"), [cast.member, cast.colleague, cast.org_admin])
    assert User.objects.filter(pk__in=[cast.member.pk, cast.colleague.pk]).count() == 2
