"""A membership that has ended counts for nothing, also before it is swept; who comes back starts anew."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from keys.models import Key
from keys.services import generate_key
from rbacadmin.errors import Conflict
from teams.models import Membership, User
from teams.services import add_member, change_member
from tests.world import World


def end(user: User, scope: Any) -> None:
    Membership.objects.filter(user=user, group=scope.group).update(expires_at=timezone.now() - timedelta(seconds=1))


def places(user: User) -> set[tuple[str, str]]:
    return {(membership.scope.alias, membership.role) for membership in user.memberships.all()}


def test_who_comes_back_to_a_team_starts_anew(cast: World) -> None:
    end(cast.team_admin, cast.team)
    added = add_member(cast.actor("org_admin"), cast.team, person=cast.team_admin.email, role="user")
    assert (added.role, added.expires_at) == ("user", None)
    assert not Key.objects.filter(pk=cast.here.keys["team_admin_team"].pk).exists(), "as if swept before"
    assert places(cast.team_admin) == {("acme", "internal_user"), ("acme core", "user")}


def test_joining_a_team_renews_a_membership_of_the_organization_that_has_ended(cast: World) -> None:
    """Rulebook 9: closure holds for memberships that live."""
    end(cast.outsider, cast.organization)
    add_member(cast.actor("org_admin"), cast.team, person=cast.outsider.email, role="user")
    assert places(cast.outsider) == {("acme", "internal_user"), ("acme core", "user")}, "the other team was left too"


def test_a_key_carries_no_organization_that_its_owner_was_in_once(cast: World) -> None:
    end(cast.reader, cast.organization)
    key, _ = generate_key(cast.actor("reader"), owner=cast.reader)
    assert key.organization is None
    with pytest.raises(ValidationError):
        generate_key(cast.actor("proxy_admin"), owner=cast.reader, organization=cast.organization)


def test_the_last_admin_gets_no_end(cast: World) -> None:
    """Rulebook 10: an end in sight is a removal."""
    last = Membership.objects.get(user=cast.org_admin, role="org_admin")
    with pytest.raises(Conflict):
        change_member(cast.actor("proxy_admin"), last, expires_at=timezone.now() + timedelta(days=1))
    last.refresh_from_db()
    assert last.expires_at is None
