"""Takes a role's pictures, in both themes and at every width, and notes what was wrong with the pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page

from tests.support import chromium

FOLDER = chromium.ROOT / "var" / "screenshots"
WIDTHS = (390, 1280, 1920)
THEMES = ("light", "dark")
NOBODY = "nobody"  # who has not signed in
SEES_ALL = ("platform", NOBODY)  # whom a refusal is a mistake in the list for
HEIGHT = 900
WIDE = {
    "the page": "document.documentElement.scrollWidth > innerWidth + 1",
    "a table": "[...document.querySelectorAll('.table-wrap:not(:has(.matrix))')]"
    ".some(one => one.scrollWidth > one.clientWidth + 1)",
}


class Camera:
    """`only` is part of a screen's name; `shots` are widths and themes."""

    def __init__(self, browser: Browser, base: str, only: str, shots: list[tuple[int, str]]) -> None:
        self.browser, self.base, self.only, self.shots = browser, base, only, shots
        self.complaints: list[str] = []
        self.taken = 0

    def take(self, role: str, pages: Mapping[str, str], *, refused: bool = False) -> None:
        """Each page. What somebody is refused is no screen of theirs, except where that is what `pages` are for."""
        page = self.page(role)
        for name, path in pages.items():
            if self.only not in name:
                continue
            page.set_viewport_size({"width": self.shots[0][0], "height": HEIGHT})
            answer = page.goto(path)
            status = answer.status if answer else 0
            if refused == (status in (403, 404)):
                self.pictures(page, role, name)
            expected = (410,) if role in SEES_ALL and not refused else (403, 404, 410)  # 410: a link that was used
            if status >= 400 and status not in expected:
                self.complaints.append(f"{role} {path}: {status}")
        page.context.close()

    def take_deeds(self, role: str, pages: Mapping[str, str]) -> None:
        """What is there once something was done, in a session of its own."""
        from tests.support.deeds import DEEDS  # needs Django, which is set up by now
        from tests.support.steps import NotTheirs

        for name, (start, steps) in DEEDS.items():
            if self.only not in name or start not in pages:
                continue
            page = self.page(role)
            try:
                answer = page.goto(pages[start])
                if answer is not None and answer.ok:
                    for step in steps:
                        step(page)
                    self.pictures(page, role, name)
            except NotTheirs:
                if role in SEES_ALL:
                    self.complaints.append(f"{role} {name}: a button or a field is missing")
            except Error as error:
                self.complaints.append(f"{role} {name}: {str(error).splitlines()[0]}")
            page.context.close()

    def page(self, role: str) -> Page:
        """A page of somebody in this role who just signed in."""
        from tests.support.screens import session_of

        context = self.browser.new_context(
            base_url=self.base, viewport={"width": WIDTHS[0], "height": HEIGHT}, reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        context.set_default_navigation_timeout(60_000)
        if role != NOBODY:
            context.add_cookies([{**session_of(role), "url": self.base}])
        page = context.new_page()
        page.on("console", lambda message: self.heard(page, message))
        return page

    def heard(self, page: Page, message: Any) -> None:
        if "Failed to load resource" not in message.text:  # a refused page, which is looked at by its status
            self.complaints.append(f"{page.url}: {message.text}")

    def pictures(self, page: Page, role: str, name: str) -> None:
        """What is on the page now, at every width and in both themes."""
        folder: Path = FOLDER / role
        folder.mkdir(parents=True, exist_ok=True)
        for width, theme in self.shots:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            for what, wide in WIDE.items():
                if page.evaluate(wide):
                    self.complaints.append(f"{role} {name} ({page.url}): {what} scrolls sideways at {width}")
            opened = page.locator("dialog[open], :popover-open").count() > 0
            if not opened:
                page.evaluate("scrollTo(0, 0)")
            # What is open lies on the window, not on the page.
            page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=not opened)
            self.taken += 1
