"""What is looked for on a page as it stands: accessibility faults in both themes, and sideways scrolling."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize, expect

NARROW: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1280, "height": 900}
CONTRAST = {"runOnly": ["color-contrast"]}
SHOWN = "[...document.body.querySelectorAll('*')].filter(one => one.checkVisibility({visibilityProperty: true}))"
REMEMBER = f"window.shownBefore = new Set({SHOWN})"
# What is asked for is dimmed, and htmx gives what comes in its place the look of what was there until it settles.
ON_ITS_WAY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
ONLY_HERE = f"""(window.onlyHere = {SHOWN}.filter(one =>
    !shownBefore.has(one) && (shownBefore.has(one.parentElement) || one.parentElement === document.body))).length"""


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def violations(page: Page, options: dict[str, Any], within: str = "document") -> list[dict[str, Any]]:
    run = f"options => axe.run({within}, {{resultTypes: ['violations'], ...options}})"
    return list(page.evaluate(run, options)["violations"])


def prepare(page: Page, theme: str) -> None:
    expect(page.locator(ON_ITS_WAY)).to_have_count(0)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)


def told(page: Page, found: list[dict[str, Any]], where: str) -> list[str]:
    return [
        f"{where} {page.url} {violation['id']}: {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
    ]


def faults(page: Page) -> list[str]:
    """What axe finds: everything in light; in dark the contrast, since nothing else can differ."""
    prepare(page, "light")
    light = told(page, violations(page, {}), "light")
    prepare(page, "dark")
    return light + told(page, violations(page, CONTRAST), "dark")


def faults_at_both(page: Page) -> list[str]:
    """The same narrow and wide. What is open stays open.

    Contrast is most of the work, so wide it is measured on what stands there alone: the sidebar, heads of tables.
    """
    page.set_viewport_size(NARROW)
    sideways = [f"{page.url} scrolls sideways when narrow"] if scrolls_sideways(page) else []
    narrow = faults(page)
    page.evaluate(REMEMBER)
    page.set_viewport_size(WIDE)
    sideways += [f"{page.url} scrolls sideways when wide"] if scrolls_sideways(page) else []
    wide = told(page, violations(page, {"rules": {"color-contrast": {"enabled": False}}}), "wide")
    if page.evaluate(ONLY_HERE):
        for theme in ("dark", "light"):
            prepare(page, theme)
            wide += told(page, violations(page, CONTRAST, "{include: onlyHere}"), f"{theme} wide")
    return sideways + narrow + wide
