"""One's own new address, where mail is configured: it counts when the link that went there was opened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from rbacadmin.conf import conf
from rbacadmin.errors import Duplicate, TooMany
from rbacadmin.models import AuditEvent
from teams.models import User
from teams.services import change_email, confirm_email, update_user
from teams.services.addresses import MAILS, DeadAddressLink, address_of, token_for
from teams.services.identities import person_of
from teams.services.members import add_member
from teams.sso import Identity
from tests.world import World

PASSWORD, NEW = "correct horse battery staple", "boss@acme.example.com"
Browser = Callable[[str], Client]

pytestmark = pytest.mark.usefixtures("by_mail")


@pytest.fixture
def by_mail(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conf, "email_url", "smtp://localhost")
    cast.member.set_password(PASSWORD)
    cast.member.save()


def test_an_address_that_nobody_confirmed_stands_for_nobody(
    cast: World, django_capture_on_commit_callbacks: Any
) -> None:
    old = cast.member.email
    with django_capture_on_commit_callbacks(execute=True):
        asked = update_user(cast.actor("member"), cast.member, email=NEW, name="Me", current_password=PASSWORD)
    assert (asked.email, asked.name) == (old, "Me")
    assert not User.objects.filter(email=NEW).exists()
    assert person_of(Identity("anybody", NEW)) is None
    event = AuditEvent.objects.get(event="user.email_asked")
    assert (event.details, event.object_id) == ({"email": NEW}, str(cast.member.pk))
    asking, notice = mail.outbox
    assert (asking.to, notice.to) == ([NEW], [old])
    assert "/ui/account/email/" in asking.body
    assert "/ui/account/email/" not in notice.body
    added = add_member(cast.actor("team_admin"), cast.team, person=NEW, role="user")
    assert added.user_id != cast.member.pk, "whoever adds the boss adds the boss"


def test_the_link_in_the_mail_counts_once_and_for_oneself(cast: World, browser_of: Browser) -> None:
    browser = browser_of("member")
    link = f"/ui/account/email/{token_for(cast.member, NEW)}/"
    others = browser_of("colleague")
    assert (others.get(link).status_code, others.post(link).status_code) == (410, 410)
    assert NEW in browser.get(link).content.decode()
    assert User.objects.get(pk=cast.member.pk).email != NEW, "looking changes nothing"
    assert browser.post(link)["Location"] == "/accounts/login/"
    member = User.objects.get(pk=cast.member.pk)
    assert member.email == NEW
    assert AuditEvent.objects.get(event="user.email_changed").actor_user_id == member.pk
    with pytest.raises(DeadAddressLink):
        confirm_email(cast.actor("member"), member, token=token_for(cast.colleague, "x@example.com"))
    assert address_of(member, link.split("/")[-2]) is None


def test_a_link_dies_with_the_password_with_time_and_when_others_come_first(cast: World) -> None:
    token = token_for(cast.member, NEW)
    assert address_of(cast.member, token) == NEW
    cast.colleague.email = NEW
    cast.colleague.save()
    with pytest.raises(Duplicate):
        confirm_email(cast.actor("member"), cast.member, token=token)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("time.time", lambda: (timezone.now() + timedelta(hours=25)).timestamp())
        assert address_of(cast.member, token) is None
    cast.member.set_password("another horse")
    assert address_of(cast.member, token) is None


def test_the_page_says_that_it_waits_for_the_mail_and_nobody_is_signed_out(cast: World, browser_of: Browser) -> None:
    browser, at = browser_of("member"), f"/ui/people/{cast.member.pk}/email/"
    assert "it counts when you open the link" in browser.get(at).content.decode()
    done = browser.post(at, {"email": NEW, "current_password": PASSWORD}, follow=True)
    assert f"A link went to {NEW}" in done.content.decode()
    assert "_auth_user_id" in browser.session


def test_an_administrator_names_addresses_and_few_mails_go_out(cast: World) -> None:
    assert change_email(cast.actor("proxy_admin"), cast.loner, email="theirs@example.com").email == "theirs@example.com"
    for tried in range(MAILS["most"]):
        change_email(cast.actor("member"), cast.member, email=f"n{tried}@example.com", current_password=PASSWORD)
    with pytest.raises(TooMany):
        change_email(cast.actor("member"), cast.member, email="more@example.com", current_password=PASSWORD)
