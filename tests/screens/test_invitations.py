"""The screens of invitations: who was offered a sign-in, new links, and taking offers back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from teams.models import Invitation, User
from teams.services import add_member
from tests.factories import join
from tests.world import World

Browser = Callable[[str], Client]
PASSWORD = "correct horse battery staple"
LIST = "/ui/people/invitations/"


def newcomer(cast: World) -> Invitation:
    """The invitation of somebody whom the team's admin has added by an address that is new here."""
    add_member(cast.actor("team_admin"), cast.team, person="new@example.com", role="user")
    return Invitation.objects.get(user__email="new@example.com")


def url(name: str, invitation: Invitation) -> str:
    return reverse(name, args=[invitation.pk])


def listed(browser: Client, query: str = "") -> list[str]:
    return [row.user.email for row in browser.get(f"{LIST}{query}").context["invitations"]]


def test_each_sees_those_of_what_they_look_after(cast: World, browser_of: Browser) -> None:
    newcomer(cast)
    for name in ("team_admin", "org_admin", "proxy_admin", "auditor"):
        assert listed(browser_of(name)) == ["new@example.com"], name
    for name in ("member", "stranger", "loner"):
        assert listed(browser_of(name)) == [], name


def test_filters_narrow_the_list(cast: World, browser_of: Browser) -> None:
    newcomer(cast)
    browser = browser_of("org_admin")
    assert listed(browser, "?state=open&q=new@") == ["new@example.com"]
    assert listed(browser, "?state=accepted") == listed(browser, "?state=expired") == []
    assert listed(browser, f"?in=team:{cast.team.pk}") == ["new@example.com"]
    assert listed(browser, f"?in=team:{cast.other_team.pk}") == []
    assert listed(browser, f"?in=organization:{cast.organization.pk}") == ["new@example.com"]


def test_a_place_that_is_not_among_the_first_is_found_all_the_same(
    cast: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomer(cast)
    for module in ("dashboard.places", "dashboard.invitations.listing"):
        monkeypatch.setattr(f"{module}.OFFERED", 0)
    browser, link = browser_of("org_admin"), f"?in=team:{cast.other_team.pk}"
    assert listed(browser, link) == []
    assert listed(browser, f"?in=team:{cast.team.pk}") == ["new@example.com"]
    page = browser.get(reverse("team-members", args=[cast.other_team.pk])).content.decode()
    assert link in page
    assert listed(browser, f"?in=team:{cast.there.team.pk}") == ["new@example.com"], "no choice"


def test_a_new_link_is_shown_once_and_signs_the_person_in(cast: World, browser_of: Browser) -> None:
    invitation, browser = newcomer(cast), browser_of("team_admin")
    assert "No link yet" in browser.get(LIST).content.decode()
    assert "works once" in browser.get(url("invitation-resend", invitation)).content.decode()
    answer = browser.post(url("invitation-resend", invitation))
    assert "no-store" in answer["Cache-Control"]
    link = answer.context["link"]
    assert link.startswith("http://testserver/accounts/invitation/")
    assert link not in browser.get(LIST).content.decode()
    guest = Client()
    guest.post(link, {"password1": PASSWORD, "password2": PASSWORD})
    assert guest.session["_auth_user_id"] == str(invitation.user_id)
    assert "Accepted" in browser.get(LIST).content.decode()
    assert browser_of("proxy_admin").post(url("invitation-resend", invitation)).status_code == 409


def test_an_offer_is_taken_back(cast: World, browser_of: Browser) -> None:
    invitation, browser = newcomer(cast), browser_of("org_admin")
    assert browser_of("auditor").get(url("invitation-revoke", invitation)).status_code == 403
    assert browser_of("stranger").get(url("invitation-revoke", invitation)).status_code == 404
    assert browser.get(url("invitation-revoke", invitation)).status_code == 200
    assert browser.post(url("invitation-revoke", invitation)).status_code == 302
    assert not Invitation.objects.exists()
    assert User.objects.filter(email="new@example.com").exists()


def test_a_person_is_offered_a_link_from_their_page(cast: World, browser_of: Browser) -> None:
    person, browser = newcomer(cast).user, browser_of("team_admin")
    at = reverse("person-invite", args=[person.pk])
    assert at in browser.get(reverse("person-detail", args=[person.pk])).content.decode()
    assert "/accounts/invitation/" in browser.post(at).context["link"]
    assert browser_of("project_owner").post(at).status_code == 404


def test_whoever_may_not_invite_is_not_asked_either(cast: World, browser_of: Browser) -> None:
    at = reverse("person-invite", args=[newcomer(cast).user.pk])
    assert browser_of("team_admin").get(at).status_code == 200
    assert browser_of("auditor").get(at).status_code == 403


def test_that_somebody_has_signed_in_shows_to_platform_admins_only(cast: World, browser_of: Browser) -> None:
    person = newcomer(cast).user
    join(person, cast.there.team, "user")
    person.set_password(PASSWORD)
    person.save()
    at, page = reverse("person-invite", args=[person.pk]), reverse("person-detail", args=[person.pk])
    assert at in browser_of("org_admin").get(page).content.decode()
    assert at not in browser_of("proxy_admin").get(page).content.decode()
