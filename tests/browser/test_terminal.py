"""Signing in a terminal, with rbacctl on one side and a real browser on the other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from keys.models import Key
from keys.terminals import begin
from rbacctl import browser
from rbacctl.app import app
from tests.browser.looks import faults, scrolls_sideways
from tests.world import World

pytestmark = pytest.mark.browser


def test_a_code_from_the_terminal_is_typed_looked_at_and_let_in(
    browse: Callable[..., Any], world: World, live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without JavaScript too: it is the page of somebody on a strange machine."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    page, shown = browse("member", java_script_enabled=False), list[str]()
    offer = browser.offer
    monkeypatch.setattr(
        browser, "offer", lambda screen, begun, **how: (shown.append(begun.code), offer(screen, begun, **how))
    )

    def person(_seconds: float) -> None:
        """Instead of waiting."""
        page.goto("/ui/account/terminal/")
        page.get_by_label("The code in your terminal").fill("BCDF-GHJK")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("No terminal waits with this code")).to_be_visible()
        page.get_by_label("The code in your terminal").fill(shown[0].lower())
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Let this terminal in?")
        expect(page.get_by_text("If somebody sent you this code")).to_be_visible()
        expect(page.get_by_text(shown[0])).to_be_visible()
        assert shown[0] not in page.url
        page.get_by_role("button", name="Let it in").click()
        expect(page.get_by_text("is signed in as you")).to_be_visible()

    monkeypatch.setattr(browser.time, "sleep", person)
    found = CliRunner().invoke(app, ["auth", "login", "--no-open", "--server", live_server.url], prog_name="rbacctl")
    assert found.exit_code == 0, found.output
    assert "member@acme.example.com" in found.stdout
    key = Key.objects.get(kind="terminal")
    page.reload()
    page.get_by_role("button", name=f"Sign out {key.label}").click()
    expect(page.get_by_text("is signed out")).to_be_visible()
    assert CliRunner().invoke(app, ["auth", "status"], prog_name="rbacctl").exit_code == 3


def test_the_page_that_asks_is_whole_on_a_phone_whatever_the_machine_calls_itself(
    browse: Callable[..., Any], world: World
) -> None:
    waiting, _secret = begin("<script>alert(1)</script>" + "x" * 200, "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff")
    page = browse("viewer", viewport={"width": 390, "height": 800})
    page.goto("/ui/account/terminal/")
    page.get_by_label("The code in your terminal").fill(str(waiting.user_code))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Let this terminal in?")
    expect(page.get_by_text("not where you are now")).to_be_visible()
    assert not scrolls_sideways(page)
    assert faults(page) == []
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("was turned away")).to_be_visible()
    assert not scrolls_sideways(page)
