"""Without a mouse: where Tab goes, what Enter does, and where the focus is afterwards."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from keys.models import Key
from tests.browser.hands import tab_to
from tests.world import World

pytestmark = pytest.mark.browser


def test_the_first_tab_offers_to_skip_to_the_content(browse: Callable[..., Page]) -> None:
    page = browse("team_admin")
    page.goto("/ui/teams/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_somebody_is_added_and_removed_by_keyboard_alone(browse: Callable[..., Page], world: World) -> None:
    page = browse("team_admin")
    page.goto(f"/ui/teams/{world.team.pk}/members/")
    field = page.get_by_label("E-mail or id")
    tab_to(page, field)
    page.keyboard.type("no@address")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is not an e-mail address")).to_be_visible()
    expect(field).to_be_focused()

    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("outsider@acme.example.com")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Role", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add to the team")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("is now in the team")
    expect(page.get_by_role("button", name="Add to the team")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("is now in the team")  # read aloud

    page.reload()
    remove = page.get_by_role("link", name="Remove outsider@acme.example.com")
    tab_to(page, remove)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Keep")).to_be_focused()  # the harmless choice first
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(remove).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    tab_to(page, dialog.get_by_role("button", name="Remove from the team"))
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("has left the team")
    expect(page.locator("#members-title")).to_be_focused()
    assert not world.outsider.memberships.filter(team=world.team).exists()


def test_the_menu_opens_closes_and_gives_the_focus_back(browse: Callable[..., Page]) -> None:
    page = browse("member", viewport={"width": 390, "height": 844})
    page.goto("/ui/")
    menu = page.get_by_role("button", name="Menu")
    sidebar = page.locator("#sidebar")
    expect(sidebar).to_be_hidden()
    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(sidebar).to_be_visible()
    page.keyboard.press("Escape")
    expect(sidebar).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, sidebar.get_by_role("link", name="Keys"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys")


def test_a_list_is_searched_while_one_types_and_the_focus_stays(browse: Callable[..., Page]) -> None:
    page = browse("org_admin")
    page.goto("/ui/teams/")
    search = page.get_by_role("searchbox")
    tab_to(page, search)
    page.keyboard.type("trust")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(search).to_be_focused()
    page.keyboard.type("less")
    expect(page.get_by_text("No team matches “trustless”")).to_be_visible()


def test_a_team_is_made_by_keyboard_alone(browse: Callable[..., Page], world: World) -> None:
    page = browse("org_admin")
    page.goto("/ui/teams/")
    tab_to(page, page.get_by_role("link", name="New team"))
    page.keyboard.press("Enter")
    name = page.get_by_label("Name", exact=True)
    tab_to(page, name)
    page.keyboard.type("night shift")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("night shift")
    assert world.organization.teams.filter(alias="night shift").exists()


def test_a_key_is_made_copied_and_blocked_by_keyboard_alone(browse: Callable[..., Page], world: World) -> None:
    page = browse("member")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/ui/keys/")
    tab_to(page, page.get_by_role("link", name="New key"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("textbox", name="Name"))
    page.keyboard.type("laptop")
    page.keyboard.press("Enter")
    secret = page.locator("#secret")
    expect(secret).to_be_visible()
    shown = secret.inner_text()
    assert shown.startswith("sk-")
    tab_to(page, page.get_by_role("button", name="Copy").first)
    page.keyboard.press("Enter")
    assert page.evaluate("navigator.clipboard.readText()") == shown

    page.goto(f"/ui/keys/{Key.objects.get(alias='laptop').pk}/")
    tab_to(page, page.get_by_role("button", name="Block"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Unblock")).to_be_visible()
    assert Key.objects.get(alias="laptop").blocked_by


def test_a_role_is_saved_once_it_was_changed(browse: Callable[..., Page], world: World) -> None:
    page = browse("team_admin")
    page.goto(f"/ui/teams/{world.team.pk}/members/")
    role = page.get_by_label("Role of member@acme.example.com")
    save = page.get_by_role("button", name="Save the role of member@acme.example.com")
    expect(save).to_be_hidden()  # nothing to save yet
    tab_to(page, role)
    page.keyboard.press("ArrowDown")
    expect(save).to_be_visible()
    tab_to(page, save)
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Team admin")
    expect(page.get_by_role("status")).to_contain_text("Team admin")
