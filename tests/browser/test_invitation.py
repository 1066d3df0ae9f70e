"""Taking up an invitation, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.world import World, invited

pytestmark = pytest.mark.browser


def link_for(world: World) -> str:
    return f"/accounts/invitation/{invited(world.colleague, world.team)[1]}/"


def choose(page: Page, first: str, second: str) -> None:
    page.get_by_label("Password", exact=True).fill(first)
    page.get_by_label("Password (again)").fill(second)
    page.get_by_role("button", name="Save the password and sign in").click()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_invited_person_chooses_a_password_and_is_in(browse: Callable, world: World, javascript: bool, scheme: str):
    link = link_for(world)
    page = browse(None, java_script_enabled=javascript, color_scheme=scheme)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a password")
    expect(page.get_by_text("You are invited as colleague@acme.example.com")).to_be_visible()
    choose(page, "short", "short")
    expect(page.get_by_text("too short")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    choose(page, PASSWORD, PASSWORD)
    expect(page).to_have_url(re.compile(r"/ui/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("colleague@acme.example.com")

    second = browse(None, java_script_enabled=javascript)
    assert second.goto(link).status == 410
    expect(second.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    second.get_by_role("link", name="Go to sign-in").click()
    second.get_by_label("Email").fill("colleague@acme.example.com")
    second.get_by_label("Password", exact=True).fill(PASSWORD)
    second.get_by_role("button", name="Sign in", exact=True).click()
    expect(second).to_have_url(re.compile(r"/ui/$"))


def test_two_who_opened_the_same_link_do_not_both_get_in(browse: Callable, world: World):
    link = link_for(world)
    first, second = browse(None), browse(None)
    first.goto(link)
    second.goto(link)
    choose(first, PASSWORD, PASSWORD)
    expect(first).to_have_url(re.compile(r"/ui/$"))
    choose(second, "another long password", "another long password")
    expect(second.get_by_role("heading", level=1)).to_have_text("This link no longer works")
