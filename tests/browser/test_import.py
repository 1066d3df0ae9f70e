"""Bringing people in from a file, in a browser: with htmx, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from teams.models import Membership
from tests.world import World

pytestmark = pytest.mark.browser

UPLOAD = {"name": "people.csv", "mimeType": "text/csv"}
FILE = "email,role\nada@example.com,owner\nreader@acme.example.com,\nno address,\n"
MODES = pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])


@MODES
def test_an_admin_looks_first_and_then_brings_people_in(
    browse: Callable[..., Page], world: World, javascript: bool
) -> None:
    page = browse("org_admin", java_script_enabled=javascript)
    page.goto(f"/ui/organizations/{world.organization.pk}/members/")
    page.get_by_role("link", name="Bring in a file").click()
    page.get_by_label("File", exact=True).set_input_files({**UPLOAD, "buffer": FILE.encode()})
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("Nothing has been written yet.")).to_be_visible()
    expect(page.locator("#task .rows li")).to_have_count(3)
    assert not Membership.objects.filter(user__email="ada@example.com").exists()
    page.reload()
    expect(page.get_by_text("To bring in: 1. Here already: 1. Cannot be brought in: 1.")).to_be_visible()
    page.get_by_role("button", name="Bring in 1 person").click()
    expect(page.get_by_text("3 of 3 rows are done, 1 of them were refused.")).to_be_visible()
    assert Membership.objects.get(user__email="ada@example.com").role == "org_admin"
    page.get_by_role("link", name="Back to: The members").click()
    expect(page.get_by_label("Role of ada@example.com")).to_have_value("org_admin")


@MODES
def test_a_file_that_is_none_is_said_next_to_the_field(
    browse: Callable[..., Page], world: World, javascript: bool
) -> None:
    page = browse("org_admin", java_script_enabled=javascript)
    page.goto(f"/ui/organizations/{world.organization.pk}/import/")
    page.get_by_label("File", exact=True).set_input_files({**UPLOAD, "buffer": b"colour\nred\n"})
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("names columns that are not known: colour")).to_be_visible()
