"""What is changed about people, and the address that they sign in with."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from rbacadmin.errors import Conflict, Duplicate, PermissionDenied, WrongPassword
from rbacadmin.management.invariants import no_secrets_at_rest
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Action, Actor, can
from teams.models import Invitation, Membership, User
from teams.services import change_email, trigger_password_reset, unblock_users, update_user
from teams.sign_in import link_for, reset_link_for, user_of_link
from tests.factories import UserFactory
from tests.world import World

PASSWORD = "correct horse battery staple"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def signs_in(email: str, password: str = PASSWORD) -> Client | None:
    """A browser that is signed in with the form, or None."""
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": password})
    return client if "_auth_user_id" in client.session else None


def stored() -> tuple[Any, ...]:
    models: list[Any] = [User, Membership, EmailAddress, Invitation, Change]
    return tuple(list(model.objects.order_by("pk").values()) for model in models)


def refused(error: type[Exception], run: Any, *args: Any, records: int = 1, **kwargs: Any) -> Any:
    """Nothing is changed; what the policy or a guard refused is on record, what does not fit is not."""
    before = stored()
    with pytest.raises(error) as caught:
        run(*args, **kwargs)
    assert stored() == before
    assert AuditEvent.objects.filter(outcome="refused").count() == records
    return caught.value


def test_a_platform_admin_sets_limits_names_and_roles(cast: World) -> None:
    """USR-08, USR-09."""
    places = list(Membership.objects.filter(user=cast.org_admin).values())
    changed = update_user(
        cast.actor("proxy_admin"),
        cast.org_admin,
        name="Olga",
        max_budget=5,
        models=["gpt-4"],
        platform_role="PROXY_ADMIN_VIEW_ONLY",
    )
    assert (changed.name, changed.max_budget, changed.models) == ("Olga", 5, ["gpt-4"])
    assert changed.platform_role == "proxy_admin_viewer"
    event = AuditEvent.objects.get()
    assert (event.event, event.actor_label) == ("user.updated", "root@example.com")
    assert event.details["changed"]["platform_role"] == ["internal_user", "proxy_admin_viewer"]
    assert list(Membership.objects.filter(user=cast.org_admin).values()) == places, "roles in scopes are another matter"


def test_the_last_active_platform_admin_stays_one(cast: World) -> None:
    """Rulebook 10."""
    UserFactory(platform_role="proxy_admin", blocked_by="platform")  # blocked: counts for nothing
    error = refused(Conflict, update_user, cast.actor("proxy_admin"), cast.proxy_admin, platform_role="internal_user")
    assert (error.code, error.obj) == ("last_admin", cast.proxy_admin)
    assert AuditEvent.objects.get().status == 409
    refused(Conflict, update_user, Actor.master(), cast.proxy_admin, platform_role="internal_user", name="x", records=2)
    UserFactory(platform_role="proxy_admin")
    assert update_user(cast.actor("proxy_admin"), cast.proxy_admin, platform_role="internal_user")


def test_a_narrowed_admin_gives_no_way_into_more_than_they_hold(cast: World) -> None:
    """Rulebook 11: neither by a role, nor by an address, a link or a lifted block."""
    held = frozenset({Action.CHANGE_PLATFORM_ROLES, Action.CHANGE_PEOPLE, Action.BLOCK_PEOPLE})
    narrow = replace(cast.actor("proxy_admin"), actions_cap=held)
    second = UserFactory(platform_role="proxy_admin", blocked_by="platform")
    refused(PermissionDenied, update_user, narrow, cast.member, platform_role="proxy_admin")
    refused(PermissionDenied, change_email, narrow, second, email="mine@example.com", records=2)
    refused(PermissionDenied, trigger_password_reset, narrow, second, records=3)
    refused(PermissionDenied, unblock_users, narrow, [cast.loner, second], records=4)
    assert change_email(narrow, cast.viewer, email="theirs@example.com"), "who holds nothing is no way to more"


def test_a_platform_role_that_is_none_is_refused(cast: World) -> None:
    for word in ("boss", "org_admin", "", "gateway"):
        error = refused(
            ValidationError, update_user, cast.actor("proxy_admin"), cast.member, platform_role=word, records=0
        )
        assert "Accepted: proxy_admin," in error.message_dict["role"][0]


def test_one_part_refused_is_all_refused(cast: World) -> None:
    """Rulebook 1."""
    me = with_password(cast.member)
    refused(
        PermissionDenied,
        update_user,
        cast.actor("member"),
        me,
        name="Mia",
        email="new@example.com",
        current_password=PASSWORD,
        max_budget=1,
    )


def test_what_is_sent_back_as_it_was_asks_for_nothing(cast: World) -> None:
    me = cast.member
    update_user(
        cast.actor("member"),
        me,
        email=(me.email or "").upper(),
        platform_role=me.platform_role,
        max_budget=None,
        name=me.name,
    )
    assert not AuditEvent.objects.exists()


def test_the_old_address_neither_signs_in_nor_resets(cast: World) -> None:
    """The address changes with the id, wherever it is kept, and every way in through the old one is shut."""
    me = with_password(cast.member)
    old, new = str(me.email), "renamed@example.com"
    browser = signs_in(old)
    assert browser is not None
    assert browser.get("/ui/").status_code == 200
    me.refresh_from_db()
    EmailAddress.objects.update_or_create(user=me, email=old, defaults={"primary": True, "verified": True})
    invitation = Invitation.objects.create(user=me, digest="d" * 64, expires_at=timezone.now() + timedelta(days=1))
    link, reset = link_for(me), reset_link_for(me)

    changed = update_user(cast.actor("member"), me, email="Renamed@Example.com", current_password=PASSWORD)

    assert (changed.email, changed.public_id) == (new, new)
    event = AuditEvent.objects.get(event="user.email_changed")
    assert event.details == {"changed": {"email": [old, new]}}
    assert (event.object_id, event.actor_user_id) == (str(me.pk), me.pk)
    assert not UserSession.objects.filter(user=me).exists()
    assert browser.get("/ui/").status_code == 302, "signed out"
    assert signs_in(old) is None
    assert user_of_link(*link.strip("/").split("/")[-2:]) is None
    answer = Client().get(reset, follow=True)
    assert "set-password" not in answer.request["PATH_INFO"]
    Client().post("/accounts/password/reset/", {"email": old})
    assert not any("password/reset/key" in str(message.body) for message in mail.outbox)
    invitation.refresh_from_db()
    assert invitation.digest is None
    assert signs_in(new)
    Client().post("/accounts/password/reset/", {"email": new})
    assert [message.to for message in mail.outbox if "password/reset/key" in str(message.body)] == [[new]]
    assert not list(no_secrets_at_rest())


def test_an_id_of_its_own_stays_when_the_address_changes(cast: World) -> None:
    person = UserFactory(email="robot@example.com", public_id="robot-7")
    changed = change_email(cast.actor("proxy_admin"), person, email="robot8@example.com")
    assert (changed.email, changed.public_id) == ("robot8@example.com", "robot-7")


def test_ones_own_address_takes_the_current_password_also_from_an_admin(cast: World) -> None:
    """USR-07. An administrator changes other people's without (USR-10)."""
    for name in ("member", "proxy_admin", "auditor", "viewer"):
        me = with_password(getattr(cast, name))
        actor = cast.actor(name)
        refused(ValidationError, change_email, actor, me, email=f"{name}@new.example.com", records=0)
        refused(WrongPassword, change_email, actor, me, email=f"{name}@new.example.com", current_password="guess")
        AuditEvent.objects.all().delete()
        assert change_email(actor, me, email=f"{name}@new.example.com", current_password=PASSWORD)
        AuditEvent.objects.all().delete()
    assert change_email(cast.actor("proxy_admin"), cast.loner, email="elsewhere@example.com")


@pytest.mark.parametrize("name", ["org_admin", "team_admin", "auditor", "stranger", "member"])
def test_nobody_else_changes_an_address(cast: World, name: str) -> None:
    refused(PermissionDenied, change_email, cast.actor(name), cast.colleague, email="x@example.com")
    assert AuditEvent.objects.get().event == "user.change_email"


def test_an_address_belongs_to_one_person(cast: World) -> None:
    """Rulebook 21: also when it is only an id, or only known to the sign-in."""
    admin = cast.actor("proxy_admin")
    EmailAddress.objects.create(user=cast.loner, email="second@example.com")
    User.objects.filter(pk=cast.viewer.pk).update(public_id="id@example.com")
    for taken in ("ROOT@example.com", "second@example.com", "id@example.com"):
        assert refused(Duplicate, change_email, admin, cast.member, email=taken, records=0).field == "email"


@pytest.mark.parametrize("address", [None, "", "nobody", "a@", "@b.example", "a b@example.com", "x" * 250 + "@e.com"])
def test_what_is_no_address(cast: World, address: str | None) -> None:
    error = refused(ValidationError, change_email, cast.actor("proxy_admin"), cast.member, email=address, records=0)
    assert set(error.message_dict) == {"email"}


def test_a_new_role_counts_at_once(cast: World) -> None:
    """Rulebook 24."""
    assert can(cast.actor("loner"), Action.CREATE_ORGANIZATIONS) is False
    update_user(cast.actor("proxy_admin"), cast.loner, platform_role="proxy_admin")
    assert can(cast.actor("loner"), Action.CREATE_ORGANIZATIONS) is True
