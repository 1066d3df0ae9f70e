"""Superusers: Django admin is theirs, and nobody walks into it by a link to an account of theirs."""

import pytest

from rbacadmin.errors import PermissionDenied
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from teams.models import User
from teams.services import add_member, change_email, create_invitation, set_superuser, trigger_password_reset
from teams.services.invitations import invitation_of
from tests.world import World


@pytest.fixture
def root(cast: World) -> User:
    """A superuser without a platform role, who has never signed in."""
    user = add_member(cast.actor("team_admin"), cast.team, person="root-2@example.com", role="user").user
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    return User.objects.get(pk=user.pk)


def test_a_link_from_a_scope_opens_no_superuser(cast: World, root: User) -> None:
    _, secret = create_invitation(cast.actor("team_admin"), root)
    assert invitation_of(secret) is None
    User.objects.filter(pk=root.pk).update(is_superuser=False)
    assert invitation_of(secret) is not None


@pytest.mark.parametrize("who", ["session", "key", "master"])
def test_a_platform_admin_who_is_no_superuser_gets_no_way_into_one(cast: World, root: User, who: str) -> None:
    """Rulebook, "Roles and words": granted in Django admin only. A superuser's own key is no superuser either."""
    User.objects.filter(pk=cast.proxy_admin.pk).update(is_superuser=who == "key")
    key = cast.people["proxy_admin"].keys.first()
    assert key is not None
    actor = {"session": cast.actor("proxy_admin"), "key": Actor.for_key(key), "master": Actor.master()}[who]
    for attempt in (
        lambda: trigger_password_reset(actor, root),
        lambda: change_email(actor, root, email="x@example.com"),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_superuser_helps_another(cast: World, root: User) -> None:
    User.objects.filter(pk=cast.proxy_admin.pk).update(is_superuser=True)
    assert trigger_password_reset(cast.actor("proxy_admin"), root)


@pytest.mark.parametrize("who", ["proxy_admin", "org_admin", "member", "auditor"])
def test_nobody_but_a_superuser_makes_one(cast: World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        set_superuser(cast.actor(who), cast.member, superuser=True)
    assert not User.objects.get(pk=cast.member.pk).is_superuser
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.object_id) == ("user.set_superuser", "refused", str(cast.member.pk))


def test_a_superuser_makes_another_on_record(cast: World) -> None:
    User.objects.filter(pk=cast.loner.pk).update(is_superuser=True)
    set_superuser(cast.actor("loner"), cast.member, superuser=True)
    member = User.objects.get(pk=cast.member.pk)
    assert (member.is_superuser, member.is_staff, member.platform_role) == (True, True, "internal_user")
    assert AuditEvent.objects.get().event == "user.superuser_granted"
