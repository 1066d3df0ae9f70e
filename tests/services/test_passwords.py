"""One's own password is changed by who knows it; somebody else's is reset, and never set."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.test import Client

from rbacadmin.errors import PermissionDenied, TooMany, WrongPassword
from rbacadmin.models import AuditEvent, Change
from teams.models import User
from teams.services import change_password, remove_factors, revoke_sessions, trigger_password_reset, update_user
from tests.factories import UserFactory
from tests.services.test_accounts import PASSWORD, refused, signs_in, with_password
from tests.world import World

NEW = "another horse, another staple"


def test_who_knows_the_password_changes_it_and_is_signed_out(cast: World) -> None:
    me = with_password(cast.member)
    browser = signs_in(str(me.email))
    assert browser
    AuditEvent.objects.all().delete()
    change_password(cast.actor("member"), me, current_password=PASSWORD, new_password=NEW)
    event = AuditEvent.objects.get()
    assert (event.event, event.object_id) == ("user.password_changed", str(me.pk))
    assert NEW not in json.dumps(event.details)
    assert browser.get("/ui/").status_code == 302
    assert not UserSession.objects.filter(user=me).exists()
    assert signs_in(str(me.email)) is None
    assert signs_in(str(me.email), NEW)


def test_a_wrong_password_changes_nothing_and_is_on_record(cast: World) -> None:
    me = with_password(cast.member)
    error = refused(
        WrongPassword, change_password, cast.actor("member"), me, current_password="guess", new_password=NEW
    )
    assert (error.field, error.status) == ("current_password", 400)
    event = AuditEvent.objects.get()
    assert (event.event, event.status, event.object_id) == ("user.change_password", 400, str(me.pk))
    assert "guess" not in json.dumps(event.details)


def test_who_guesses_is_stopped_even_with_the_right_one(cast: World) -> None:
    me, actor = with_password(cast.member), cast.actor("member")
    for number in range(10):
        refused_guess(actor, me, f"guess {number}", WrongPassword)
    assert refused_guess(actor, me, PASSWORD, TooMany).retry_after == 3600
    assert AuditEvent.objects.filter(status=429).count() == 1
    assert signs_in(str(me.email)), "signing in is another matter: nobody is locked out"


def refused_guess(actor: Any, me: User, guess: str, error: type[Exception]) -> Any:
    with pytest.raises(error) as caught:
        change_password(actor, me, current_password=guess, new_password=NEW)
    return caught.value


@pytest.mark.parametrize("password", ["short", "password1234", "member@acme.example.com"])
def test_a_password_that_is_too_easy_is_refused(cast: World, password: str) -> None:
    me = with_password(cast.member)
    error = refused(
        ValidationError,
        change_password,
        cast.actor("member"),
        me,
        current_password=PASSWORD,
        new_password=password,
        records=0,
    )
    assert set(error.message_dict) == {"new_password"}


def test_nobody_sets_the_password_of_somebody_else(cast: World) -> None:
    """USR-10, whatever they know."""
    with_password(cast.member)
    error = refused(
        ValidationError,
        update_user,
        cast.actor("proxy_admin"),
        cast.member,
        new_password=NEW,
        current_password=PASSWORD,
        records=0,
    )
    assert "trigger a reset" in error.message_dict["new_password"][0]
    refused(
        PermissionDenied,
        change_password,
        cast.actor("org_admin"),
        cast.member,
        current_password=PASSWORD,
        new_password=NEW,
    )


def test_an_administrator_makes_somebody_choose_a_new_password(cast: World) -> None:
    """USR-10: the old one ends at once, and the link opens once."""
    me = with_password(cast.member)
    browser = signs_in(str(me.email))
    assert browser
    link = trigger_password_reset(cast.actor("proxy_admin"), me)
    assert browser.get("/ui/").status_code == 302
    assert signs_in(str(me.email)) is None
    event = AuditEvent.objects.get(event="user.password_reset_triggered")
    assert link.rstrip("/").rsplit("/", 1)[-1] not in json.dumps(event.details)
    fresh = Client()
    form = fresh.get(link, follow=True)
    assert form.status_code == 200
    fresh.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert signs_in(str(me.email), NEW)
    again = Client().get(link, follow=True)
    assert "set-password" not in again.request["PATH_INFO"]


def test_a_reset_is_for_platform_admins_and_for_who_can_sign_in(cast: World) -> None:
    refused(PermissionDenied, trigger_password_reset, cast.actor("org_admin"), cast.member)
    nobody = UserFactory(email=None, public_id="robot-7")
    refused(ValidationError, trigger_password_reset, cast.actor("proxy_admin"), nobody)


def test_sessions_are_ended_by_platform_admins_only(cast: World) -> None:
    """LOG-02."""
    me = with_password(cast.member)
    browsers = [signs_in(str(me.email)), signs_in(str(me.email))]
    for name in ("org_admin", "team_admin", "auditor", "member", "stranger"):
        with pytest.raises(PermissionDenied):
            revoke_sessions(cast.actor(name), me)
    assert all(browser and browser.get("/ui/").status_code == 200 for browser in browsers)
    Change.objects.all().delete()
    assert revoke_sessions(cast.actor("proxy_admin"), me) == 2
    assert all(browser and browser.get("/ui/").status_code == 302 for browser in browsers)
    assert AuditEvent.objects.get(event="user.sessions_revoked").details == {"sessions": 2}
    assert Change.objects.get().object_id == str(me.pk)
    assert signs_in(str(me.email)), "nothing else is taken away"


def test_second_factors_are_taken_away_by_platform_admins_only(cast: World) -> None:
    """Whoever has lost theirs; the recovery codes go along, and so do all sessions."""
    me = with_password(cast.member)
    assert signs_in(str(me.email))
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=me, type=kind, data={})
    refused(PermissionDenied, remove_factors, cast.actor("org_admin"), me)
    assert Authenticator.objects.count() == 2
    remove_factors(cast.actor("proxy_admin"), me)
    remove_factors(cast.actor("proxy_admin"), me)
    assert not Authenticator.objects.exists()
    assert not UserSession.objects.filter(user=me).exists()
    event = AuditEvent.objects.get(event="user.factors_removed")
    assert event.details == {"kinds": ["recovery_codes", "totp"]}
