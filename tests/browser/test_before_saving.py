"""Journeys through what is told before it is saved, through many rows at once, and help by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from keys.models import Key
from rbacadmin.policy import grants
from teams.models import Team
from tests.factories import KeyFactory
from tests.world import World

pytestmark = pytest.mark.browser

MODES = pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])


@MODES
def test_a_limit_is_looked_at_before_it_is_saved(browse: Callable[..., Page], world: World, javascript: bool) -> None:
    page = browse("team_admin", java_script_enabled=javascript)
    page.goto(f"/ui/teams/{world.team.pk}/edit/")
    page.get_by_label("Requests a minute").fill("7")
    page.get_by_role("button", name="What will change").click()
    effect = page.locator("#effect")
    expect(effect).to_contain_text("100, set by: Team")
    expect(effect).to_contain_text("7, set by: Team")
    assert Team.objects.get(pk=world.team.pk).rpm_limit == 100
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("was changed")
    assert Team.objects.get(pk=world.team.pk).rpm_limit == 7


@MODES
def test_a_project_is_shared_after_a_look_at_who_gains(
    browse: Callable[..., Page], world: World, javascript: bool
) -> None:
    """By keyboard: the form is left and sent without a mouse."""
    page = browse("org_admin", java_script_enabled=javascript)
    page.goto(f"/ui/projects/{world.project.pk}/")
    page.get_by_role("link", name="Shared with").click()
    page.get_by_role("link", name="Share with a team").first.click()
    page.get_by_label("Team").select_option(label=world.team.alias)
    page.get_by_label("Its members may").select_option("member")
    page.get_by_role("button", name="What will change").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#effect")).to_contain_text("Call models: gained by 4 people")
    assert not grants.on(world.project, world.team.group)
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("is shared with")
    expect(page.get_by_role("table")).to_contain_text("the same as: Project member")
    page.get_by_role("link", name="Stop sharing").click()
    expect(page.locator("#confirm")).to_contain_text("4 people lose: call models.")
    page.get_by_role("button", name="Stop sharing").click()
    expect(page.get_by_text("Shared with no team")).to_be_visible()
    assert not grants.on(world.project, world.team.group)


def test_all_that_match_go_by_themselves_to_the_end(browse: Callable[..., Page], world: World) -> None:
    for number in range(55):
        KeyFactory(user=world.member, team=world.team, organization=world.organization, alias=f"old {number}")
    page = browse("team_admin")
    page.goto("/ui/keys/?q=old")
    page.get_by_label("all 55 that match").check()
    page.get_by_role("button", name="Block", exact=True).click()
    page.get_by_label("To confirm").fill("55")
    page.get_by_role("button", name="Block keys").click()
    expect(page.get_by_role("status")).to_contain_text("55 of 55 rows are done, 0 of them were refused")
    assert Key.objects.exclude(blocked_by="").count() == 55


def test_the_shortcuts_open_by_a_key_and_close_by_another(browse: Callable[..., Page], world: World) -> None:
    page = browse("member")
    page.goto("/ui/keys/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("searchbox")).to_have_value("?")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
