"""The landing page shows each person what is theirs to see, and nothing else."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.world import World

pytestmark = pytest.mark.browser


class Home(NamedTuple):
    """The names on the page: all, or the newest five. Everybody of the cast has a key without a name besides."""

    organizations: set[str]
    teams: set[str]
    keys: set[str]
    key_count: str


EVERYTHING = Home(
    {"acme", "globex"},
    {"acme trusted", "acme sibling", "globex core", "globex trusted", "globex sibling"},
    set(),  # the newest five have no name
    "81",
)
PROJECT_KEYS = {"project_owner-project", "project_member-project", "project_colleague-project", "project-robot"}
HOMES = {
    "proxy_admin": EVERYTHING,
    "auditor": EVERYTHING,
    "org_admin": Home(
        {"acme"},
        {"acme core", "acme trusted", "acme sibling"},
        {"project_colleague-project", "team-robot", "granted-robot", "project-robot"},
        "25",
    ),
    "team_admin": Home(
        {"acme"}, {"acme core"}, {"team_admin-team", "member-team", "colleague-team", "team-robot"}, "6"
    ),
    "member": Home({"acme"}, {"acme core"}, {"member-personal", "member-team"}, "3"),
    "granted": Home(
        {"acme"},
        {"acme trusted"},
        {"granted-personal", "granted-team", "granted_colleague-team", "granted-robot"},
        "5",
    ),
    "reader": Home({"acme"}, set(), {"reader-personal"}, "2"),
    "project_owner": Home({"acme"}, set(), PROJECT_KEYS, "6"),
    "project_member": Home({"acme"}, set(), {"project_member-personal", "project_member-project"}, "3"),
    "loner": Home(set(), set(), {"loner-personal"}, "2"),
    "viewer": Home(set(), set(), {"viewer-personal"}, "2"),
    "stranger": Home(
        {"globex"},
        {"globex core", "globex trusted", "globex sibling"},
        {"team-robot", "granted-robot", "project-robot"},
        "26",
    ),
}


def listed(page: Page, panel: str) -> set[str]:
    """The names in one panel."""
    names = page.get_by_role("region", name=panel, exact=False).locator("li .cell-main > :is(a, strong)")
    return {text.strip() for text in names.all_inner_texts()}


@pytest.mark.parametrize("name", HOMES)
def test_home_lists_what_a_person_may_see(browse: Callable[..., Page], name: str) -> None:
    page, home = browse(name), HOMES[name]
    page.goto("/ui/")
    assert listed(page, "Organizations") == home.organizations
    assert listed(page, "Teams") == home.teams
    assert listed(page, "Keys") == home.keys
    expect(page.locator(".stat-value").nth(3)).to_have_text(home.key_count)


@pytest.mark.parametrize("name", ["auditor", "member", "reader"])
def test_who_may_change_nothing_is_offered_nothing(browse: Callable[..., Page], name: str) -> None:
    page = browse(name)
    keys = ("/ui/keys/",) if name == "auditor" else ()  # the others may do something to keys of their own
    for address in ("/ui/", "/ui/organizations/", "/ui/projects/", "/ui/teams/", *keys):
        page.goto(address)
        expect(page.locator("main form:not([role=search])")).to_have_count(0)
        harmless = re.compile("Search|Apply")
        expect(page.locator("main").get_by_role("button").filter(has_not_text=harmless)).to_have_count(0)


def test_somebody_without_anything_is_told_what_to_do(browse: Callable[..., Page]) -> None:
    page = browse("loner")
    page.goto("/ui/")
    expect(page.get_by_text("You belong to no organization yet")).to_be_visible()
    expect(page.get_by_text("Someone who manages a team can add you")).to_be_visible()


def test_a_reader_sees_of_an_organization_its_name_and_themselves(browse: Callable[..., Page], world: World) -> None:
    world.organization.blocked_by = "platform"  # the fact is not theirs to read, see rbacadmin/policy/fields.py
    world.organization.save()
    page = browse("reader")
    for address in ("/ui/", "/ui/organizations/", f"/ui/organizations/{world.organization.pk}/"):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("acme")
        for hidden in ("$", "Blocked", "gpt-4", "acme core", "org-admin@"):
            expect(page.locator("main")).not_to_contain_text(hidden)
    expect(page.get_by_role("region", name="Your membership").get_by_role("listitem")).to_have_count(1)


def test_a_colleague_whom_one_may_not_see_is_an_id(browse: Callable[..., Page], world: World) -> None:
    world.granted_colleague.public_id = "colleague-17"
    world.granted_colleague.save()
    page = browse("granted")
    for address in ("/ui/", "/ui/keys/", f"/ui/teams/{world.granted_team.pk}/keys/"):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("colleague-17")
        expect(page.locator("main")).not_to_contain_text("granted-colleague@")
