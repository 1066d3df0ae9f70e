"""What a platform administrator, an auditor and a project owner come for, by keyboard alone and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from keys.models import Key
from orgs.models import Organization
from rbacadmin import audit
from rbacadmin.policy import Actor
from teams.models import User
from tests.browser.hands import Hands, Keyboard, Plain
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

BOTH = pytest.mark.parametrize("hands", [Keyboard, Plain], ids=["keyboard", "plain"])
WRITING = "main form[method=post] :is(button, input:not([type=hidden], :disabled), select:not(:disabled))"
LISTS = (
    *("Organizations", "Projects", "Teams", "People", "Keys", "Models", "Usage", "Audit log", "Hygiene", "Settings"),
)


@BOTH
def test_a_platform_administrator_sets_up_an_organization(
    browse: Callable[..., Page], world: World, hands: type[Hands]
) -> None:
    hand = hands(browse, "proxy_admin")
    page = hand.page
    page.goto("/ui/organizations/")
    hand.press(page.get_by_role("link", name="New organization"))
    hand.write(page.get_by_label("Name", exact=True), "Initech")
    hand.press(page.get_by_role("button", name="Make the organization"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Initech")

    page.goto("/ui/people/new/")
    hand.write(page.get_by_label("E-mail", exact=True), "milton@initech.example.com")
    hand.press(page.get_by_role("button", name="Make the person"))
    expect(page.locator("#messages, main").first).to_contain_text("milton@initech.example.com")

    made = Organization.objects.get(alias="Initech")
    page.goto(f"/ui/organizations/{made.pk}/members/")
    hand.write(page.get_by_label("E-mail or id"), "milton@initech.example.com")
    hand.choose(page.get_by_label("Role", exact=True), "Organization admin")
    hand.press(page.get_by_role("button", name="Add to the organization"))
    expect(page.get_by_label("Role of milton@initech.example.com")).to_have_value("org_admin")
    milton = User.objects.get(email="milton@initech.example.com")
    assert milton.memberships.get(organization=made).role == "org_admin"

    page.goto("/ui/keys/new/")
    hand.write(page.get_by_role("textbox", name="Name"), "stapler")
    hand.press(page.get_by_role("button", name="Make the key"))
    expect(page.locator("#secret")).to_contain_text("sk-")
    page.goto(f"/ui/keys/{Key.objects.get(alias='stapler').pk}/")
    hand.press(page.get_by_role("button", name="Block"))
    expect(page.get_by_role("button", name="Unblock")).to_be_visible()
    assert Key.objects.get(alias="stapler").blocked_by


@BOTH
def test_an_auditor_reads_everything_and_is_offered_nothing_else(
    browse: Callable[..., Page], world: World, hands: type[Hands]
) -> None:
    audit.record(Actor.master(), "team.blocked", world.team)
    hand = hands(browse, "auditor")
    page = hand.page
    page.goto("/ui/")
    for name in LISTS:
        hand.press(page.get_by_role("navigation").get_by_role("link", name=name, exact=True))
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert page.locator(WRITING).count() == 0, name
        assert page.locator("main .page-actions a, main .page-actions button").filter(has_text="New").count() == 0, name
    for path in (f"teams/{world.team.pk}/", f"teams/{world.team.pk}/members/", f"people/{world.member.pk}/"):
        page.goto(f"/ui/{path}")
        assert page.locator(WRITING).count() == 0, path

    page.goto("/ui/audit/")
    hand.choose(page.get_by_label("What", exact=True), "blocked")
    if hands is Plain:  # with JavaScript a choice counts at once
        hand.press(page.get_by_role("button", name="Apply"))
    expect(page.locator("main")).to_contain_text(world.team.label)
    expect(page.locator("#export a").first).to_have_attribute("href", re.compile("did=blocked"))
    with page.expect_download() as download:
        hand.press(page.get_by_role("link", name="CSV"))
    rows = download.value.path().read_text().splitlines()
    assert [row.split(",")[3] for row in rows] == ["what", "team.blocked"], "with the filter that was chosen"


@BOTH
def test_a_project_owner_looks_after_people_and_programs(
    browse: Callable[..., Page], world: World, hands: type[Hands]
) -> None:
    hand = hands(browse, "project_owner")
    page = hand.page
    page.goto("/ui/projects/")
    hand.press(page.locator("main").get_by_role("link", name=world.project.label))
    hand.press(page.get_by_role("link", name="Members 3"))
    hand.write(page.get_by_label("E-mail or id"), "outsider@acme.example.com")
    hand.press(page.get_by_role("button", name="Add to the project"))
    expect(page.locator("#messages")).to_contain_text("is now in the project")
    assert world.outsider.memberships.filter(project=world.project).exists()

    hand.press(page.get_by_role("link", name="Service accounts 1"))
    hand.press(page.get_by_role("link", name="New service account"))
    hand.write(page.get_by_label("Name", exact=False).first, "nightly")
    hand.press(page.locator("main form button[type=submit]").first)
    expect(page.locator("#secret")).to_contain_text("sk-")

    theirs = world.here.keys["project_member_project"]
    page.goto(f"/ui/keys/{theirs.pk}/")
    hand.press(page.get_by_role("button", name="Block"))
    expect(page.get_by_role("button", name="Unblock")).to_be_visible()
    theirs.refresh_from_db()
    assert theirs.blocked_by == "project"
