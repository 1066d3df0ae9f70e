"""What every page owes everybody: nothing in the console, no accessibility fault, no sideways scrolling."""

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

from gateway.models import ModelAccessGroup
from rbacadmin import audit
from rbacadmin.policy import Actor
from tests.browser.looks import NARROW, WIDE, faults, scrolls_sideways
from tests.browser.places import OUTSIDE, places
from tests.factories import KeyFactory, TeamFactory, join
from tests.world import World

pytestmark = pytest.mark.browser

ROLES = ("proxy_admin", "auditor", "org_admin", "team_admin", "member", "reader", "project_owner", "loner", "viewer")
EXAMINED = ("loner",)  # by axe, who has nothing yet; what the platform's admin sees is in test_axe.py
ERRORS = ("403_csrf", "409", "429", "500", "problem")
HOSTILE = (
    "<script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">",
    "🦄🚀 Zażółć gęślą jaźń 👩‍👩‍👧‍👦",
    "فريق الأبحاث \N{RIGHT-TO-LEFT OVERRIDE}evil",
    "W" * 255,
    "\"><b>'quoted'</b>&amp;{{ 7*7 }}{% now 'Y' %}",
)


def rename(world: World) -> None:
    """Give everything in the world a name, and words of its own, that would break a page that trusts them."""
    script, emoji, backwards, long, quotes = HOSTILE
    named = {world.organization: script, world.project: long, world.team: backwards, world.granted_team: emoji}
    named |= {
        world.other_team: quotes,
        world.here.keys["member_team"]: script,
        world.here.keys["org_admin_personal"]: long,
    }
    for row, alias in named.items():
        row.alias, row.tags, row.metadata = alias, [script, long], {script: long, "list": [quotes, backwards]}
        row.save()
    robot = world.here.keys["project_service"].user
    for user, name in ((world.member, script), (world.team_admin, long), (world.colleague, backwards), (robot, long)):
        user.name = name
        user.save()
    world.catalog["here_team"].name = f"<b>{long[:200]}"
    world.catalog["here_team"].save()
    ModelAccessGroup.objects.create(name=script, models=[long])
    for row in named:
        audit.record(
            Actor.for_user(world.member), f"{row._meta.model_name}.updated", row, changed={"alias": HOSTILE[:2]}
        )


def error_page(page: Page, name: str) -> str:
    """Serve one of the pages for failures, which cannot be provoked otherwise, in place of an address."""
    context = {"status": 503, "message": "The database is busy or away; try again."}

    def answer(route: Route) -> None:
        route.fulfill(status=400, content_type="text/html", body=render_to_string(f"{name}.html", context))

    address = f"/ui/failure-{name}/"
    page.route(f"**{address}", answer)
    return address


def test_axe_finds_faults_where_there_are_some(page: Page) -> None:
    page.set_content(
        "<style>html { color-scheme: light dark } p { color: #888; background: light-dark(#999, #777) }</style>"
        "<p>Pale <img src='data:,'></p>"
    )
    found = " ".join(faults(page))
    assert "image-alt" in found
    assert "light about:blank color-contrast" in found
    assert "dark about:blank color-contrast" in found


def test_every_link_of_the_dashboard_leads_to_a_page(browse: Callable[..., Page], world: World) -> None:
    page, seen, ahead = browse("team_admin"), set(), ["/ui/"]
    while ahead:
        address = ahead.pop()
        seen.add(address)
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        assert "text/html" in answer.headers["content-type"], address
        links = page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href').split('#')[0])")
        ahead += {link for link in links if not link.startswith("/accounts/")} - seen - set(ahead)
    assert {"/ui/organizations/", "/ui/teams/", "/ui/keys/", f"/ui/teams/{world.team.pk}/"} <= seen


@pytest.mark.parametrize("name", ROLES)
def test_a_walk_through_all_pages_is_quiet_and_never_scrolls_sideways(
    browse: Callable[..., Page], world: World, name: str
) -> None:
    if name == "proxy_admin":
        rename(world)
    page, found = browse(name, viewport=NARROW), []
    for address in places(world, name):
        page.goto(address)
        assert not scrolls_sideways(page), address
        expect(page.locator("h1")).to_have_count(1)
        assert page.title() != "broken", address
        page.keyboard.press("Tab")  # what opens on focus must not break either
        if name in EXAMINED:
            found += faults(page)
    assert found == []


def test_axe_finds_nothing_before_sign_in_and_on_failures(browse: Callable[..., Page]) -> None:
    page, found = browse(None, viewport=NARROW), []
    for address in (*OUTSIDE, *(error_page(page, name) for name in ERRORS)):
        page.goto(address)
        assert not scrolls_sideways(page), address
        found += faults(page)
    assert found == []


def test_axe_finds_nothing_on_the_styleguide_at_any_width(browse: Callable[..., Page]) -> None:
    page, found = browse("loner"), []
    for viewport in (NARROW, WIDE):
        page.set_viewport_size(viewport)
        page.goto("/ui/styleguide/")
        assert not scrolls_sideways(page)
        found += faults(page)
    assert found == []


def test_axe_finds_nothing_in_what_opens_and_in_errors(browse: Callable[..., Page], world: World) -> None:
    page = browse("team_admin", viewport=NARROW)
    page.goto(f"/ui/teams/{world.team.pk}/members/")
    page.get_by_role("button", name="Menu").click()
    found = faults(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Account of").click()
    found += faults(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add to the team").click()
    expect(page.get_by_text("This field is required")).to_be_visible()
    found += faults(page)
    page.get_by_role("link", name="Remove").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += faults(page)
    page.get_by_role("button", name="Remove from the team").click()
    expect(page.locator("#messages")).to_contain_text("has left the team")
    found += faults(page)
    assert found == []
    assert not scrolls_sideways(page)


def test_hostile_names_are_shown_whole(browse: Callable[..., Page], world: World) -> None:
    teams = [TeamFactory(alias=name, organization=world.organization) for name in HOSTILE]
    for name in HOSTILE:
        KeyFactory(alias=name, user=world.org_admin, organization=world.organization)
    membership = join(world.member, teams[3], "user")
    page = browse("org_admin", viewport=WIDE)
    for address in ("/ui/teams/", "/ui/keys/"):
        page.goto(address)
        expect(page.locator("th .row-link").first).to_be_visible()
        assert not scrolls_sideways(page), address
        assert set(HOSTILE) <= {text.strip() for text in page.locator("th .row-link").all_text_contents()}
    for team in teams:
        page.goto(f"/ui/teams/{team.pk}/")
        expect(page.locator("h1")).to_have_text(team.alias)
        assert not scrolls_sideways(page), team.alias
        assert "broken" not in page.title().replace(team.alias, "")
        expect(page.locator("h1 > *, h1 img")).to_have_count(0)
    page.goto(f"/ui/teams/{teams[3].pk}/members/{membership.pk}/remove/")
    expect(page.locator("h2#dialog-title")).to_contain_text("W" * 255)
    assert not scrolls_sideways(page)
