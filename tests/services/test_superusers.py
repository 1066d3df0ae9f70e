"""Superusers: Django admin is theirs, and nobody walks into it by a link to an account of theirs."""

import pytest

from rbacadmin.errors import PermissionDenied
from rbacadmin.policy import Actor
from teams.models import User
from teams.services import add_member, change_email, create_invitation, trigger_password_reset
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
