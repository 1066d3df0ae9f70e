"""Help that everybody has: the shortcuts, and what one may do oneself."""

from collections.abc import Callable

import pytest
from django.test import Client

from rbacadmin import policy
from tests.world import World

Browser = Callable[[str], Client]


def test_the_shortcuts_are_a_page_too(browser_of: Browser) -> None:
    page = browser_of("loner").get("/ui/shortcuts/").content.decode()
    assert "<kbd>?</kbd>" in page
    assert 'id="shortcuts"' in page, "and one click away from everywhere"


@pytest.mark.parametrize("name", ["proxy_admin", "auditor", "org_admin", "team_admin", "member", "loner", "viewer"])
def test_the_guide_tells_everything_that_one_may_do(cast: World, browser_of: Browser, name: str) -> None:
    answer = browser_of(name).get("/ui/guide/")
    told = {(area["name"], action): count for area in answer.context["areas"] for action, count in area["actions"]}
    held = policy.holdings(cast.actor(name))
    assert {action for _area, action in told} == {action for _label, action in held}
    assert len(answer.context["memberships"]) == getattr(cast, name).memberships.count()
    assert policy.meaning(getattr(cast, name).platform_role) in answer.content.decode()


def test_the_style_guide_shows_limits_and_matrix_in_every_state(browser_of: Browser) -> None:
    page = browser_of("loner").get("/ui/styleguide/").content.decode()
    for words in (
        *("binds", "not shown to you", "counts outside of teams", "none of its own", "used up"),
        *("no level sets any", "none: it calls no model", "What will change", "own"),
    ):
        assert words in page, words
