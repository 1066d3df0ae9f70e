"""Managing a team's members: with htmx, without JavaScript, and for those who may not."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.world import World

pytestmark = pytest.mark.browser

MODES = pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])


def open_team(browse: Callable[..., Page], world: World, name: str, **options: object) -> Page:
    page = browse(name, **options)
    page.goto(f"/ui/teams/{world.team.pk}/members/")
    return page


def row(page: Page, email: str) -> Locator:
    return page.locator("#members tbody tr").filter(has=page.get_by_text(email, exact=True))


def add(page: Page, email: str, role: str = "Team member") -> None:
    page.get_by_label("E-mail or id").fill(email)
    page.get_by_label("Role", exact=True).select_option(label=role)
    page.get_by_role("button", name="Add to the team").click()


@MODES
def test_a_team_admin_adds_somebody_known_and_somebody_new(
    browse: Callable[..., Page], world: World, javascript: bool
) -> None:
    page = open_team(browse, world, "team_admin", java_script_enabled=javascript)
    expect(page.locator("#members tbody tr")).to_have_count(4)
    add(page, "outsider@acme.example.com")
    expect(page.locator("#messages")).to_contain_text("outsider@acme.example.com is now in the team.")
    expect(row(page, "outsider@acme.example.com")).to_be_visible()
    expect(page.get_by_label("E-mail or id")).to_have_value("")
    add(page, "New.Person@example.com", "Team admin")
    expect(page.locator("#messages")).to_contain_text("new.person@example.com is now in the team.")
    expect(page.get_by_label("Role of new.person@example.com")).to_have_value("admin")
    expect(page.locator("#members tbody tr")).to_have_count(6)
    expect(page).to_have_url(re.compile(rf"/ui/teams/{world.team.pk}/members/$"))
    page.reload()
    expect(page.locator("#members tbody tr")).to_have_count(6)
    assert world.team.memberships.filter(user__email="new.person@example.com", role="admin").exists()


@MODES
@pytest.mark.parametrize(
    ("email", "problem"),
    [
        ("member@acme.example.com", "is already a member"),
        ("no@address", "is not an e-mail address"),
        ("", "This field is required"),
    ],
)
def test_what_is_wrong_stands_next_to_the_field(
    browse: Callable[..., Page], world: World, javascript: bool, email: str, problem: str
) -> None:
    page = open_team(browse, world, "team_admin", java_script_enabled=javascript)
    add(page, email)
    field = page.get_by_label("E-mail or id")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(email)
    described = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(described).to_contain_text(problem)
    expect(page.locator("#members tbody tr")).to_have_count(4)
    expect(page.locator("#messages")).to_have_text("")
    if javascript:
        expect(field).to_be_focused()
    assert world.team.memberships.count() == 4


@MODES
def test_a_team_admin_changes_a_role(browse: Callable[..., Page], world: World, javascript: bool) -> None:
    page = open_team(browse, world, "team_admin", java_script_enabled=javascript)
    page.get_by_label("Role of member@acme.example.com").select_option("admin")
    page.get_by_role("button", name="Save the role of member@acme.example.com").click()
    expect(page.locator("#messages")).to_contain_text("member@acme.example.com is now: Team admin.")
    expect(page.get_by_label("Role of member@acme.example.com")).to_have_value("admin")
    assert world.member.memberships.get(team=world.team).role == "admin"


@MODES
def test_the_last_admin_of_a_team_stays(browse: Callable[..., Page], world: World, javascript: bool) -> None:
    world.second_team_admin.memberships.filter(team=world.team).update(role="user")
    page = open_team(browse, world, "team_admin", java_script_enabled=javascript)
    page.get_by_label("Role of team-admin@acme.example.com").select_option("user")
    page.get_by_role("button", name="Save the role of team-admin@acme.example.com").click()
    expect(page.locator("#members").get_by_role("alert")).to_contain_text("appoint another one first")
    expect(page.get_by_label("Role of team-admin@acme.example.com")).to_have_value("admin")
    row(page, "team-admin@acme.example.com").get_by_text("Remove").click()
    page.get_by_role("button", name="Remove from the team").click()
    expect(page.locator("#members").get_by_role("alert")).to_contain_text("appoint another one first")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert world.team_admin.memberships.get(team=world.team).role == "admin"


def test_a_dialog_asks_before_somebody_is_removed(browse: Callable[..., Page], world: World) -> None:
    page = open_team(browse, world, "team_admin")
    row(page, "colleague@acme.example.com").get_by_role("link", name="Remove").click()
    dialog = page.get_by_role("dialog", name="Remove colleague@acme.example.com from acme core?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("link", name="Keep").click()
    expect(dialog).to_be_hidden()
    expect(row(page, "colleague@acme.example.com")).to_be_visible()

    row(page, "colleague@acme.example.com").get_by_role("link", name="Remove").click()
    dialog.get_by_role("button", name="Remove from the team").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#messages")).to_contain_text("colleague@acme.example.com has left the team.")
    expect(row(page, "colleague@acme.example.com")).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"/ui/teams/{world.team.pk}/members/$"))
    assert not world.colleague.memberships.filter(team=world.team).exists()


def test_a_page_asks_where_there_is_no_javascript(browse: Callable[..., Page], world: World) -> None:
    page = open_team(browse, world, "team_admin", java_script_enabled=False)
    row(page, "colleague@acme.example.com").get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove a member")
    page.get_by_role("link", name="Keep").click()
    expect(row(page, "colleague@acme.example.com")).to_be_visible()
    row(page, "colleague@acme.example.com").get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove from the team").click()
    expect(page.locator("#messages")).to_contain_text("colleague@acme.example.com has left the team.")
    expect(row(page, "colleague@acme.example.com")).to_have_count(0)


@pytest.mark.parametrize("name", ["proxy_admin", "org_admin", "team_admin"])
def test_who_manages_a_team_has_the_buttons(browse: Callable[..., Page], world: World, name: str) -> None:
    page = open_team(browse, world, name)
    expect(page.locator("#members tbody tr")).to_have_count(4)
    expect(page.get_by_role("button", name="Add to the team")).to_be_visible()
    expect(page.get_by_role("link", name="Remove")).to_have_count(4)


def test_the_auditor_sees_everybody_and_no_button(browse: Callable[..., Page], world: World) -> None:
    page = open_team(browse, world, "auditor")
    expect(page.locator("#members tbody tr")).to_have_count(4)
    expect(page.locator("main").get_by_role("button")).to_have_count(0)
    expect(page.locator("main form")).to_have_count(0)
    expect(page.get_by_role("link", name="Remove")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])
def test_a_member_sees_their_own_row_and_no_limits(browse: Callable[..., Page], world: World, javascript: bool) -> None:
    page = open_team(browse, world, "member", java_script_enabled=javascript)
    expect(page.get_by_role("heading", name="Your membership")).to_be_visible()
    expect(page.locator("#members tbody tr")).to_have_count(1)
    expect(row(page, "member@acme.example.com")).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("$100")  # the team's budget is not theirs to read
    expect(page.locator("main")).not_to_contain_text("colleague")


@pytest.mark.parametrize("name", ["outsider", "reader", "loner", "stranger"])
def test_others_do_not_learn_that_the_team_exists(browse: Callable[..., Page], world: World, name: str) -> None:
    page = open_team(browse, world, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here that you may see")
    expect(page.locator("body")).not_to_contain_text("acme core")


def test_a_right_lost_meanwhile_is_told_above_the_page(browse: Callable[..., Page], world: World) -> None:
    page = open_team(browse, world, "team_admin")
    world.team_admin.memberships.filter(team=world.team).update(role="user")
    add(page, "outsider@acme.example.com")
    expect(page.locator("#messages")).to_contain_text("You may see this, but not do that")
    expect(page.locator("#members tbody tr")).to_have_count(4)
    assert world.team.memberships.count() == 4
