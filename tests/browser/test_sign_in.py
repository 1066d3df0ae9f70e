"""Getting in and out, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rbacadmin.policy import Actor
from teams.sign_in import link_for
from tests.browser.conftest import PASSWORD
from tests.world import World

pytestmark = pytest.mark.browser


def fill_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_signs_in_with_a_password_and_out_again(browse: Callable, with_password: Callable, javascript: bool):
    page = browse(None, java_script_enabled=javascript)
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/ui/$"))
    fill_in(page, with_password("member"), PASSWORD)
    expect(page).to_have_url(re.compile(r"/ui/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("member@acme.example.com")

    page.get_by_role("button", name="Account of member@acme.example.com").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
    page.goto("/ui/")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))


def test_a_wrong_password_is_told_in_the_form(browse: Callable, with_password: Callable):
    page = browse(None)
    page.goto("/accounts/login/")
    email = with_password("member")
    fill_in(page, email, "wrong")
    form = page.locator("form.form")
    expect(form.get_by_role("alert")).to_contain_text("not correct")
    expect(page.get_by_label("Email")).to_have_value(email)
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    unknown = form.get_by_role("alert").inner_text()
    fill_in(page, "nobody@example.com", "wrong")
    assert form.get_by_role("alert").inner_text() == unknown, "tells whether the address is known"


def test_a_link_signs_in_once(browse: Callable, world: World):
    link = link_for(world.loner)
    page = browse(None)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.reload()  # looking spends nothing: mail scanners follow links
    page.get_by_role("button", name="Sign in as loner@example.com").click()
    expect(page).to_have_url(re.compile(r"/ui/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("loner@example.com")

    second = browse(None)
    answer = second.goto(link)
    assert answer.status == 410
    expect(second.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    expect(second.get_by_role("button")).to_have_count(0)


def test_two_who_opened_the_same_link_do_not_both_get_in(browse: Callable, world: World):
    link = link_for(world.loner)
    first, second = browse(None), browse(None)
    first.goto(link)
    second.goto(link)
    first.get_by_role("button", name="Sign in as").click()
    expect(first).to_have_url(re.compile(r"/ui/$"))
    second.get_by_role("button", name="Sign in as").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("This link no longer works")


def test_a_session_that_ends_during_a_change_leads_to_the_sign_in_page(browse: Callable, world: World):
    page = browse("team_admin")
    address = f"/ui/teams/{world.team.pk}/members/"
    page.goto(address)
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Role of member@acme.example.com").select_option("admin")
    page.get_by_role("button", name="Save the role of member@acme.example.com").click()
    expect(page).to_have_url(re.compile(rf"/accounts/login/\?next=.*{world.team.pk}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator("table")).to_have_count(0)
    assert Actor.for_user(world.member).roles  # still there, and not an admin
    assert world.member.memberships.get(team=world.team).role == "user"


def test_the_theme_changes_and_stays_without_javascript(browse: Callable):
    page = browse("loner", java_script_enabled=False)
    page.goto("/ui/keys/")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Dark").click()
    expect(page).to_have_url(re.compile(r"/ui/keys/$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/ui/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_theme_changes_at_once_with_javascript(browse: Callable):
    page = browse("loner")
    page.goto("/ui/")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/ui/keys/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
