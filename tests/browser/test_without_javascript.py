"""What a key owner and an administrator do every day, in a browser that runs no script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from keys.models import Key
from tests.factories import KeyFactory
from tests.world import World

pytestmark = pytest.mark.browser


def test_a_member_makes_a_key_sees_its_secret_once_and_blocks_it(browse: Callable[..., Page], world: World) -> None:
    page = browse("member", java_script_enabled=False)
    page.goto("/ui/keys/")
    page.get_by_role("link", name="New key").click()
    page.get_by_role("textbox", name="Name").fill("laptop")
    with page.expect_response(lambda answer: answer.request.method == "POST") as made:
        page.get_by_role("button", name="Make the key").click()
    assert "no-store" in made.value.headers["cache-control"]
    secret = page.locator("#secret").inner_text()
    assert Key.objects.get(Key.named(secret)).alias == "laptop"
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("laptop")
    assert secret not in page.content()

    page.goto(f"/ui/keys/{Key.objects.get(alias='laptop').pk}/")
    page.get_by_role("button", name="Block").click()
    expect(page.locator("main")).to_contain_text("Blocked")
    page.get_by_role("button", name="Unblock").click()
    expect(page.locator("main")).to_contain_text("Active")


def test_a_list_is_filtered_paged_and_taken_along(browse: Callable[..., Page], world: World) -> None:
    for number in range(51):
        KeyFactory(alias=f"batch {number:02}", user=world.member, organization=world.organization)
    page = browse("org_admin", java_script_enabled=False)
    page.goto("/ui/keys/")
    page.get_by_role("searchbox").fill("batch")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "batch 00" in download.value.path().read_text()
