"""People: who makes them, as what, and who changes what about them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from rbacadmin.errors import Duplicate, NotFound, PermissionDenied
from rbacadmin.models import AuditEvent
from teams.models import Invitation, Membership, User
from teams.services import add_member, create_user, update_user
from tests.world import World


def refused(error: type[Exception], run: Any, *args: Any, **kwargs: Any) -> Any:
    before = (User.objects.count(), Membership.objects.count(), Invitation.objects.count())
    with pytest.raises(error) as caught:
        run(*args, **kwargs)
    assert (User.objects.count(), Membership.objects.count(), Invitation.objects.count()) == before
    assert not AuditEvent.objects.filter(outcome="done").exists()
    return caught.value


def test_a_platform_admin_makes_anybody(cast: World) -> None:
    made = create_user(cast.actor("proxy_admin"), email="New@Example.com", platform_role="PROXY_ADMIN_VIEW_ONLY")
    assert (made.email, made.public_id, made.platform_role) == (
        "new@example.com",
        "new@example.com",
        "proxy_admin_viewer",
    )
    assert not made.has_usable_password()
    event = AuditEvent.objects.get(event="user.created")
    assert (event.object_id, event.details) == (
        str(made.pk),
        {"email": "new@example.com", "platform_role": "proxy_admin_viewer"},
    )
    assert Invitation.objects.get().user == made


def test_no_role_means_internal_user(cast: World) -> None:
    """Rulebook 4."""
    assert create_user(cast.actor("proxy_admin"), public_id="robot-7").platform_role == "internal_user"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["internal_user", "internal_user_viewer"])
def test_org_admins_make_people_in_their_own_organization(cast: World, role: str) -> None:
    """Rulebook 5."""
    made = create_user(
        cast.actor("org_admin"), email="new@example.com", platform_role=role, organizations=[cast.organization]
    )
    assert made.platform_role == role
    assert Membership.objects.get(user=made).organization == cast.organization
    assert Membership.objects.get(user=made).role == "internal_user"


def test_org_admins_make_nobody_elsewhere_or_higher(cast: World) -> None:
    """Rulebook 5."""
    admin, here, there = cast.actor("org_admin"), cast.organization, cast.there.organization
    cases: list[dict[str, Any]] = [
        {"organizations": []},
        {"organizations": [there]},
        {"organizations": [here, there]},
        {"organizations": [here], "platform_role": "proxy_admin"},
        {"organizations": [here], "platform_role": "proxy_admin_viewer"},
        {"organizations": [here], "max_budget": 5},
    ]
    for values in cases:
        refused(PermissionDenied, create_user, admin, email="new@example.com", **values)


@pytest.mark.parametrize("name", ["team_admin", "reader", "member", "auditor", "loner", "viewer", "project_owner"])
def test_nobody_else_makes_people(cast: World, name: str) -> None:
    refused(PermissionDenied, create_user, cast.actor(name), email="new@example.com", organizations=[cast.organization])
    assert AuditEvent.objects.get().event == "user.create"


def test_a_known_address_is_a_duplicate_for_who_may_see_it_and_a_new_one_for_others(cast: World) -> None:
    """Rulebook 8."""
    admin, address = cast.actor("org_admin"), cast.there.member.email
    refused(Duplicate, create_user, cast.actor("proxy_admin"), email=address)
    refused(Duplicate, create_user, admin, email=cast.member.email, organizations=[cast.organization])
    made = create_user(admin, email=address, organizations=[cast.organization])
    assert made == cast.there.member
    assert Membership.objects.filter(user=made, organization=cast.organization).exists()


@pytest.mark.parametrize(
    "values",
    [
        {"email": "no address"},
        {"email": "a@"},
        {"email": "new@example.com", "public_id": "other@example.com"},
        {"email": "new@example.com", "platform_role": "boss"},
        {"email": "new@example.com", "max_budget": 5, "soft_budget": 6},
        {"email": "new@example.com", "name": "x" * 300},
    ],
)
def test_what_makes_no_person(cast: World, values: dict[str, Any]) -> None:
    refused(ValidationError, create_user, cast.actor("proxy_admin"), **values)


def test_everybody_changes_their_own_name_and_no_limit(cast: World) -> None:
    for name in ("member", "loner", "viewer", "auditor"):
        me = getattr(cast, name)
        update_user(cast.actor(name), me, name=f"I am {name}")
        for values in ({"max_budget": 1}, {"platform_role": "proxy_admin"}, {"metadata": {"a": 1}}):
            with pytest.raises(PermissionDenied):
                update_user(cast.actor(name), me, **values)
    assert AuditEvent.objects.filter(event="user.updated").count() == 4
    cast.member.refresh_from_db()
    assert (cast.member.name, cast.member.platform_role) == ("I am member", "internal_user")


@pytest.mark.parametrize("name", ["org_admin", "team_admin", "member", "auditor"])
def test_nobody_changes_other_people(cast: World, name: str) -> None:
    for values in ({"name": "you"}, {"max_budget": 1}, {"email": "x@example.com"}, {"platform_role": "proxy_admin"}):
        refused(PermissionDenied, update_user, cast.actor(name), cast.colleague, **values)


def test_who_was_a_member_once_comes_back(cast: World) -> None:
    """Rulebook 8 and 9."""
    Membership.objects.filter(user=cast.reader).update(expires_at=timezone.now() - timedelta(seconds=1))
    create_user(cast.actor("org_admin"), email=cast.reader.email, organizations=[cast.organization])


def test_a_platform_admin_adds_somebody_new_by_id_and_address(cast: World) -> None:
    """Rulebook 8: one person with both. Two people, or an address of somebody else, are a mistake."""
    admin = cast.actor("proxy_admin")
    made = add_member(admin, cast.team, person="bob-7", email="Bob@Example.com", role="user").user
    assert (made.public_id, made.email) == ("bob-7", "bob@example.com")
    assert made.invitations.count() == 1
    for person, email in (("bob-7", cast.loner.email), ("new-8", "bob@example.com"), (cast.loner.email, "x@y.example")):
        with pytest.raises(ValidationError):
            add_member(admin, cast.other_team, person=person, email=email, role="user")
    assert not User.objects.filter(public_id="new-8").exists()
    assert add_member(admin, cast.other_team, person="bob-7", email="bob@example.com", role="user").user == made


def test_only_platform_admins_choose_an_id_for_somebody_new(cast: World) -> None:
    with pytest.raises(NotFound):
        add_member(cast.actor("org_admin"), cast.team, person="bob-7", email="bob@example.com", role="user")
    assert not User.objects.filter(email="bob@example.com").exists()
