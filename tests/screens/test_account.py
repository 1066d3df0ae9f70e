"""One's own account: profile, password, keys and invitations."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from rbacadmin.models import AuditEvent
from teams.models import User
from tests.support.passkeys import passkey
from tests.world import World

Browser = Callable[[str], Client]
PASSWORD, OTHER = "correct horse battery staple", "another horse, another staple"
PAGES = ("/ui/account/", "/ui/account/password/", "/accounts/2fa/", "/accounts/sessions/", "/ui/account/keys/",
         "/ui/account/terminal/", "/ui/account/invitations/")  # fmt: skip


def signed_in(person: User) -> Client:
    """A browser that signed in with the form."""
    if not person.check_password(PASSWORD):
        person.set_password(PASSWORD)
        person.save()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("name", ["proxy_admin", "auditor", "member", "viewer"])
def test_every_section_leads_to_every_other(cast: World, browser_of: Browser, name: str) -> None:
    browser = browser_of(name)
    for page in PAGES:
        text = browser.get(page).content.decode()
        assert all(f'class="tab" href="{other}"' in text for other in PAGES), page
        assert text.count('class="tab" href') - text.count("connections") >= len(PAGES)
        assert f'class="tab" href="{page}" aria-current="page"' in text, page


@pytest.mark.parametrize("name", ["member", "auditor"])
def test_everybody_changes_their_own_name(cast: World, browser_of: Browser, name: str) -> None:
    sent = {"name": "Somebody", "platform_role": "proxy_admin"}
    assert browser_of(name).post("/ui/account/", sent)["Location"] == "/ui/account/"
    person = User.objects.get(pk=getattr(cast, name).pk)
    assert (person.name, person.platform_role) == ("Somebody", getattr(cast, name).platform_role)


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(cast: World) -> None:
    browser, elsewhere = signed_in(cast.member), signed_in(cast.member)
    sent = {"current_password": PASSWORD, "new_password": OTHER, "again": OTHER}
    assert browser.post("/ui/account/password/", sent)["Location"] == "/ui/account/password/"
    assert User.objects.get(pk=cast.member.pk).check_password(OTHER)
    assert browser.get("/ui/").status_code == 200
    assert len(browser.get("/accounts/sessions/").context["sessions"]) == 1
    assert elsewhere.get("/ui/").status_code == 302
    assert AuditEvent.objects.filter(event="user.password_changed", actor_user_id=cast.member.pk).count() == 1


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("current_password", {"current_password": "wrong"}),
        ("new_password", {"new_password": "short", "again": "short"}),
        ("again", {"again": "something else"}),
    ],
)
def test_what_is_wrong_stands_next_to_the_field(cast: World, field: str, change: dict[str, str]) -> None:
    browser = signed_in(cast.member)
    sent = {"current_password": PASSWORD, "new_password": OTHER, "again": OTHER, **change}
    answer = browser.post("/ui/account/password/", sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert OTHER not in answer.content.decode()
    assert User.objects.get(pk=cast.member.pk).check_password(PASSWORD)
    assert browser.get("/ui/").status_code == 200


def test_wrong_passwords_are_counted(cast: World) -> None:
    browser = signed_in(cast.member)
    sent = {"current_password": "wrong", "new_password": OTHER, "again": OTHER}
    for _ in range(10):
        browser.post("/ui/account/password/", sent)
    answer = browser.post("/ui/account/password/", sent | {"current_password": PASSWORD})
    assert "Too many wrong passwords" in str(answer.context["form"].errors["current_password"])


def test_who_has_no_password_is_led_to_choosing_one(cast: World, browser_of: Browser) -> None:
    cast.loner.set_unusable_password()
    cast.loner.save()
    assert "/accounts/password/set/" in browser_of("loner").get("/ui/account/password/").content.decode()


def test_there_is_one_page_for_the_password(cast: World, browser_of: Browser) -> None:
    assert browser_of("member").get("/accounts/password/change/")["Location"] == "/ui/account/password/"


def test_ones_own_keys_and_nobody_elses(cast: World, browser_of: Browser) -> None:
    for name, count in (("org_admin", 2), ("loner", 2)):
        keys = browser_of(name).get("/ui/account/keys/").context["keys"]
        assert len(keys) == count
        assert {key.user_id for key in keys} == {getattr(cast, name).pk}
    page = browser_of("org_admin").get("/ui/account/keys/").text
    assert 'data-label="Lives in"' in page
    assert 'data-label="Owner"' not in page, "all of them are one's own"


def test_a_passkey_confirms_that_it_is_oneself(cast: World) -> None:
    browser = signed_in(cast.member)
    Authenticator.objects.create(user=cast.member, type=Authenticator.Type.WEBAUTHN, data=passkey("Laptop"))
    page = browser.get("/accounts/2fa/webauthn/reauthenticate/")
    assert page.status_code == 200
    assert "allowCredentials" in page.text


def test_each_code_to_keep_is_shown_once_on_a_line(cast: World) -> None:
    member = cast.member
    browser = signed_in(member)
    RecoveryCodes.activate(member)
    record = browser.session["account_authentication_methods"]
    session = browser.session
    session["account_authentication_methods"] = [{**one, "reauthenticated": True} for one in record]
    session.save()
    shown = browser.get("/accounts/2fa/recovery-codes/")
    codes = shown.context["unused_codes"]
    text = shown.content.decode()
    assert len(codes) == 10
    assert "\n".join(codes) in text
