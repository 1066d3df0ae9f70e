"""axe sees every screen, and what stands on one only after something was done: narrow and wide, both themes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.looks import NARROW, faults_at_both
from tests.routes.table import RULES, address
from tests.support.deeds import DEEDS
from tests.support.screens import screens_of
from tests.support.steps import NotTheirs
from tests.world import World

FILES = ("template/", "export/")  # are downloaded
pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


def routes() -> list[str]:
    """Every screen that the platform's admin may open: each route has its row, so none is forgotten."""
    return [
        route
        for route, rule in sorted(RULES.items())
        if route.startswith(("ui/", "accounts/")) and not route.endswith(FILES) and rule.statuses["proxy_admin"] == 200
    ]


@pytest.mark.parametrize("part", range(2))  # so that two processes share the work
def test_axe_finds_nothing_on_any_screen(browse: Callable[..., Page], world: World, part: int) -> None:
    page, found = browse("proxy_admin"), []
    for route in routes()[part::2]:
        page.goto(address(route, world))
        found += faults_at_both(page)
    assert found == []


@pytest.mark.parametrize("part", range(2))
def test_axe_finds_nothing_in_what_is_there_once_something_was_done(
    browse: Callable[..., Page], world: World, part: int
) -> None:
    page, found, starts = browse("proxy_admin"), [], screens_of(world.actor("proxy_admin"))
    starts["person-limits"] = f"/ui/people/{world.member.pk}/limits/"  # of somebody who belongs somewhere
    for name, (start, steps) in list(DEEDS.items())[part::2]:
        page.set_viewport_size(NARROW)
        page.goto(starts[start])
        try:
            for step in steps:
                step(page)
        except NotTheirs:
            found.append(f"{name}: a button or a field is missing")
        found += [f"{name}: {fault}" for fault in faults_at_both(page)]
    assert found == []
