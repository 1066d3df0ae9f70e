"""Looking after people and teams in a browser: questions are dialogs with JavaScript and pages without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from teams.models import Team, User
from tests.world import World

pytestmark = pytest.mark.browser

MODES = pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])
PASSWORD = "correct horse battery staple"


@MODES
def test_a_person_is_made_and_deleted(browse: Callable[..., Page], world: World, javascript: bool) -> None:
    page = browse("proxy_admin", java_script_enabled=javascript)
    page.goto("/ui/people/")
    page.get_by_role("link", name="New person").click()
    page.get_by_label("E-mail").fill("new@acme.example.com")
    page.get_by_label("Organization").select_option(label="acme")
    page.get_by_label("Make a first key").check()
    page.get_by_label("Name of the key").fill("first of hers")
    page.get_by_role("button", name="Make the person").click()
    expect(page.locator("#secret")).to_contain_text("sk-")
    person = User.objects.get(email="new@acme.example.com")
    page.goto(f"/ui/people/{person.pk}/")
    expect(page.get_by_role("row", name="acme organization")).to_be_visible()
    page.get_by_role("link", name="Delete").click()
    page.get_by_label("To confirm").fill("somebody else")
    page.get_by_role("button", name="Delete the person").click()
    expect(page.get_by_role("alert")).to_contain_text("exactly")
    page.get_by_label("To confirm").fill("new@acme.example.com")
    page.get_by_role("button", name="Delete the person").click()
    expect(page.locator("#messages")).to_contain_text("was deleted")
    assert not User.objects.filter(pk=person.pk).exists()


@MODES
def test_ticked_teams_are_blocked(browse: Callable[..., Page], world: World, javascript: bool) -> None:
    page = browse("org_admin", java_script_enabled=javascript)
    page.goto("/ui/teams/?sort=alias_key")
    for name in ("acme core", "acme sibling"):
        page.get_by_label(f"Choose {name}").check()
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.get_by_text("Done")).to_have_count(2)
    assert set(Team.objects.exclude(blocked_by="").values_list("alias", flat=True)) == {"acme core", "acme sibling"}


@MODES
def test_a_member_may_list_keys_once_it_is_ticked(browse: Callable[..., Page], world: World, javascript: bool) -> None:
    page = browse("team_admin", java_script_enabled=javascript)
    page.goto(f"/ui/teams/{world.team.pk}/")
    page.get_by_role("link", name="Permissions").click()
    page.get_by_label("List keys").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("was saved")
    expect(page.get_by_label("List keys")).to_be_checked()


@MODES
def test_a_link_to_sign_in_with_opens_the_account(browse: Callable[..., Page], world: World, javascript: bool) -> None:
    page = browse("team_admin", java_script_enabled=javascript)
    page.goto(f"/ui/teams/{world.team.pk}/members/")
    page.get_by_label("E-mail or id").fill("new.one@example.com")
    page.get_by_role("button", name="Add to the team").click()
    expect(page.locator("#messages")).to_contain_text("is now in the team")
    page.goto("/ui/people/invitations/")
    page.get_by_role("link", name="New link new.one@example.com").click()
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#link").text_content() or ""
    guest = browse(None, java_script_enabled=javascript)
    guest.goto(link.strip())
    for field in guest.locator("input[type=password]").all():
        field.fill(PASSWORD)
    guest.get_by_role("button", name="Save the password").click()
    expect(guest).to_have_url(re.compile(r"/ui/$"))
