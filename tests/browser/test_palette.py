"""The palette, by keyboard alone, and its page without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.world import World

pytestmark = pytest.mark.browser


def test_anything_is_found_without_a_mouse(browse: Callable[..., Page], world: World) -> None:
    page = browse("org_admin")
    page.goto("/ui/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(world.team.label, delay=40)  # as fingers do: htmx listens a moment after the dialog is there
    expect(page.locator("#palette-hits a").first).to_contain_text(world.team.label)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ui/teams/{world.team.pk}/")


def test_it_is_a_page_without_javascript(browse: Callable[..., Page], world: World) -> None:
    page = browse("org_admin", java_script_enabled=False)
    page.goto("/ui/")
    page.get_by_role("link", name="Find anything (Ctrl K)").click()
    page.get_by_role("searchbox").fill(world.team.label)
    page.keyboard.press("Enter")
    page.locator("#palette-hits").get_by_role("link", name=world.team.label, exact=True).click()
    page.wait_for_url(f"**/ui/teams/{world.team.pk}/")
