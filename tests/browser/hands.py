"""Two ways to use a page, so that one journey is walked both ways: by keyboard alone, and without JavaScript."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect


def tab_to(page: Page, target: Locator, presses: int = 120) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse would."""
    expect(target).to_be_visible()
    for _ in range(presses):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(target).to_be_focused(timeout=1)


class Keyboard:
    """Tab, Enter, letters and arrows; never the mouse."""

    def __init__(self, browse: Callable[..., Page], name: str) -> None:
        self.page = browse(name)

    def press(self, target: Locator) -> None:
        """A link or a button."""
        tab_to(self.page, target)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        tab_to(self.page, field)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, label: str) -> None:
        """An option, by the letters that it begins with."""
        tab_to(self.page, field)
        self.page.keyboard.type(label)
        expect(field.locator("option:checked")).to_have_text(label)


class Plain:
    """A browser that runs no script."""

    def __init__(self, browse: Callable[..., Page], name: str) -> None:
        self.page = browse(name, java_script_enabled=False)

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label=label)


Hands = Keyboard | Plain
