"""Long work in a browser: it goes on by itself, or by a button without JavaScript, and its file is downloaded."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard import batches, exports
from dashboard.tasks import going_on
from keys.models import Key
from rbacadmin.tasks import keeping
from tests.browser.hands import Hands, Keyboard, Plain
from tests.browser.looks import NARROW, faults, scrolls_sideways
from tests.factories import KeyFactory
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.mark.parametrize("hands", [Keyboard, Plain], ids=["keyboard", "plain"])
def test_all_that_match_are_blocked_and_taken_along(
    browse: Callable[..., Page], world: World, hands: type[Hands], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(51):
        KeyFactory(alias=f"batch {number:02}", user=world.member, team=world.team, organization=world.organization)
    monkeypatch.setattr(batches, "AT_ONCE", 20)
    monkeypatch.setattr(exports, "AT_ONCE", 50)
    monkeypatch.setattr(going_on, "SECONDS", 0)  # each request does one part
    hand = hands(browse, "org_admin")
    page = hand.page
    page.goto("/ui/keys/?q=batch&after=")
    everything = page.get_by_label("all 51 that match")
    if hands is Plain:
        everything.check()
    else:
        everything.focus()
        page.keyboard.press("Space")
    hand.press(page.get_by_role("button", name="Block", exact=True))
    hand.write(page.get_by_label("To confirm"), "51")
    hand.press(page.locator("main").get_by_role("button", name="Block keys"))
    for done in (0, 20, 40) if hands is Plain else ():
        expect(page.get_by_role("status")).to_contain_text(f"{done} of 51 rows are done")
        hand.press(page.get_by_role("button", name="Go on"))
    expect(page.get_by_role("status").first).to_contain_text("51 of 51 rows are done, 0 of them")
    assert Key.objects.filter(alias__startswith="batch").exclude(blocked_by="").count() == 51

    hand.press(page.get_by_role("link", name="Back to: Keys"))
    page.goto("/ui/keys/?q=batch")
    hand.press(page.get_by_role("link", name="CSV"))
    hand.press(page.get_by_role("button", name="Make the file"))
    if hands is Plain:
        hand.press(page.get_by_role("button", name="Go on"))
    with page.expect_download() as download:
        hand.press(page.get_by_role("link", name="Download the file"))
    assert len(download.value.path().read_text().splitlines()) == 52


def test_axe_finds_nothing_on_long_work(browse: Callable[..., Page], world: World) -> None:
    asked = {"back": ["/ui/keys/", "Keys"]}
    half = keeping.begin(world.actor("org_admin"), "bulk", "Block 5 keys", asked, 5)
    states = ("done", "wrong", "new", "kept")
    keeping.keep(
        half, keeping.Step(4, [{"label": state, "state": state, "text": "why", "line": "2"} for state in states])
    )
    keeping.take(half)  # by another tab, so that it stays as it is
    whole = keeping.begin(world.actor("org_admin"), "export", "Export keys.csv", asked, 5)
    keeping.keep(whole, keeping.Step(5, text="x", last=True))
    page = browse("org_admin", viewport=NARROW)
    found = []
    for path in ("/ui/tasks/", f"/ui/tasks/{half.pk}/", f"/ui/tasks/{whole.pk}/"):
        page.goto(path)
        found += faults(page)
        assert not scrolls_sideways(page), path
    assert found == []
