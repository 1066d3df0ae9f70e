"""Listens to the console of pages."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

# Said by Chromium about an answer of 4xx, which a test provokes on purpose and looks at in the page.
STATUS = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Console:
    """Messages and uncaught errors, each with the address of the page."""

    heard: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self.heard.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: self.heard.append(f"{page.url}: {error}"))

    def unexpected(self) -> list[str]:
        return [line for line in self.heard if STATUS not in line]
