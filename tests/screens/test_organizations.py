"""The screens of organizations: the list, one organization, making, changing, blocking and ending them."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gateway.models import DailyUsage, Spend
from orgs.models import Organization
from rbacadmin.models import AuditEvent
from teams.models import Membership
from tests.factories import OrganizationFactory
from tests.world import World

Browser = Callable[[str], Client]
SECTIONS = ("detail", "members", "teams", "projects", "keys", "history")


def url(name: str, organization: Organization, *more: Any) -> str:
    return reverse(f"organization-{name}", args=[organization.pk, *more])


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_a_platform_admin_makes_one_and_goes_on_to_its_people(cast: World, browser_of: Browser) -> None:
    fields = {"alias": "Initech", "max_budget": "250", "budget_duration": "30d", "models": "gpt-4", "tags": "eu, lab"}
    answer = browser_of("proxy_admin").post("/ui/organizations/new/", fields)
    made = Organization.objects.get(alias="Initech")
    assert answer["Location"] == url("members", made)
    assert (made.max_budget, made.budget_duration, made.models, made.tags) == (
        250 * 10**9, "30d", ["gpt-4"], ["eu", "lab"]
    )  # fmt: skip
    assert AuditEvent.objects.filter(event="organization.created", object_id=str(made.pk)).exists()


def test_a_name_that_is_taken_is_said_next_to_the_field(cast: World, browser_of: Browser) -> None:
    answer = browser_of("proxy_admin").post("/ui/organizations/new/", {"alias": "ACME"})
    assert answer.status_code == 422
    assert "alias" in answer.context["form"].errors


@pytest.mark.parametrize("name", ["org_admin", "auditor", "member"])
def test_others_make_none_and_see_no_button(cast: World, browser_of: Browser, name: str) -> None:
    browser = browser_of(name)
    assert "organizations/new/" not in browser.get("/ui/organizations/").content.decode()
    assert browser.post("/ui/organizations/new/", {"alias": "mine"}).status_code == 403
    assert not Organization.objects.filter(alias="mine").exists()


def test_an_admin_renames_it_and_finds_its_budget_closed(cast: World, browser_of: Browser) -> None:
    browser, organization = browser_of("org_admin"), cast.organization
    form = browser.get(url("edit", organization)).context["form"]
    assert form.fields["max_budget"].disabled
    assert form.fields["models"].disabled
    assert "change an organization's budget" in form.fields["max_budget"].help_text
    answer = browser.post(url("edit", organization), {"alias": "acme labs", "max_budget": "5000"})
    assert answer.status_code == 302
    organization.refresh_from_db()
    assert (organization.alias, organization.max_budget) == ("acme labs", 1000 * 10**9)


def test_block_unblock_and_delete_with_the_name_typed(cast: World, browser_of: Browser) -> None:
    browser, organization = browser_of("proxy_admin"), cast.organization
    browser.post(url("block", organization))
    organization.refresh_from_db()
    assert organization.blocked_by == "platform"
    assert "Unblock" in browser.get(url("detail", organization)).content.decode()
    browser.post(url("unblock", organization))
    organization.refresh_from_db()
    assert organization.blocked_by == ""
    asked = browser.get(url("delete", organization)).content.decode()
    assert "3 teams" in asked
    assert "2 projects" in asked
    assert browser.post(url("delete", organization), {"typed": "globex"}).status_code == 422
    assert browser.post(url("delete", organization), {"typed": "acme"}).status_code == 302
    assert not Organization.objects.filter(pk=organization.pk).exists()


def test_the_initial_organization_has_no_button_to_end_it(cast: World, browser_of: Browser) -> None:
    from rbacadmin.policy import INITIAL_ORGANIZATION

    first = OrganizationFactory(pk=INITIAL_ORGANIZATION, alias="first")
    browser = browser_of("proxy_admin")
    assert url("delete", first) not in browser.get(url("detail", first)).content.decode()
    assert browser.post(url("delete", first), {"typed": "first"}).status_code == 409


@pytest.mark.parametrize("verb", ["block", "delete"])
def test_an_admin_of_it_neither_blocks_nor_ends_it(cast: World, browser_of: Browser, verb: str) -> None:
    browser, organization = browser_of("org_admin"), cast.organization
    assert browser.post(url(verb, organization), {"typed": "acme"}).status_code == 403
    organization.refresh_from_db()
    assert organization.blocked_by == ""
    page = browser.get(url("detail", organization)).content.decode()
    assert url(verb, organization) not in page


def test_the_list_counts_what_one_may_see(cast: World, browser_of: Browser) -> None:
    def counts(name: str) -> dict[str, int]:
        shown = browser_of(name).get("/ui/organizations/").context["organizations"]
        return next(row.counts for row in shown if row.pk == cast.organization.pk)

    assert counts("org_admin") == {"members": 12, "teams": 3, "projects": 2, "keys": 24}
    assert counts("auditor")["teams"] == 3
    assert counts("reader") == {"members": 1, "teams": 0, "projects": 0, "keys": 1}


def test_filters_say_nothing_about_what_one_may_not_read(cast: World, browser_of: Browser) -> None:
    Organization.objects.filter(pk=cast.organization.pk).update(blocked_by="platform")
    for query, found in (("state=blocked", 1), ("state=active", 0), ("budget=own", 1)):
        assert len(browser_of("org_admin").get(f"/ui/organizations/?{query}").context["organizations"]) == found
        assert not browser_of("reader").get(f"/ui/organizations/?{query}").context["organizations"]


def test_the_csv_has_spend_for_who_may_read_it_and_names_for_the_others(cast: World, browser_of: Browser) -> None:
    Spend.objects.create(object_id=cast.organization.pk, kind="organization", current=7 * 10**9, lifetime=7 * 10**9)
    full = rows_of(browser_of("auditor").get("/ui/organizations/?format=csv"))
    assert {row["name"]: row["spent_usd"] for row in full}["acme"] == "7.0"
    bare = rows_of(browser_of("reader").get("/ui/organizations/?format=csv"))
    assert [(row["name"], row["budget_usd"], row["spent_usd"], row["created"]) for row in bare] == [
        ("acme", "", "", "")
    ]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_for_its_admin_and_is_marked(cast: World, browser_of: Browser, section: str) -> None:
    answer = browser_of("org_admin").get(url(section, cast.organization))
    assert answer.status_code == 200
    assert [tab["url"] for tab in answer.context["tabs"] if tab["current"]] == [url(section, cast.organization)]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_reader_learns_nothing_of_what_is_inside(cast: World, browser_of: Browser, section: str) -> None:
    answer = browser_of("reader").get(url(section, cast.organization))
    text = answer.content.decode()
    for hidden in ("acme core", "acme research", "org-admin@", "$1,000", "gpt-4o", "team-robot"):
        assert hidden not in text, hidden


def test_the_chart_is_drawn_for_who_may_see_spend(cast: World, browser_of: Browser) -> None:
    day = timezone.now().date() - timedelta(days=2)
    DailyUsage.objects.create(
        kind="organization", object_id=cast.organization.pk, day=day, model="gpt-4", spend=3 * 10**9
    )
    answer = browser_of("org_admin").get(url("detail", cast.organization))
    chart = answer.context["chart"]
    assert (chart.total, len(chart.bars)) == (3 * 10**9, 30)
    assert [bar.height for bar in chart.bars if bar.value] == [100]
    assert "$3.00 in 30 days" in answer.content.decode()
    assert "chart" not in browser_of("member").get(url("detail", cast.organization)).context


def test_an_admin_adds_changes_and_removes_its_people(cast: World, browser_of: Browser) -> None:
    browser, organization = browser_of("org_admin"), cast.organization
    added = browser.post(url("members", organization), {"email": "new@acme.example.com", "role": "internal_user"})
    assert added["Location"] == url("members", organization)
    membership = Membership.objects.get(user__email="new@acme.example.com", team=None)
    browser.post(url("member", organization, membership.pk), {"role": "org_admin"})
    membership.refresh_from_db()
    assert membership.role == "org_admin"
    limits = {"max_budget": "20", "rpm_limit": "5"}
    assert browser.post(url("member-edit", organization, membership.pk), limits).status_code == 302
    membership.refresh_from_db()
    assert (membership.max_budget, membership.rpm_limit, membership.role) == (20 * 10**9, 5, "org_admin")
    assert "5 requests a minute" in browser.get(url("members", organization)).content.decode()
    browser.post(url("member-remove", organization, membership.pk))
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_a_members_budget_above_the_organizations_is_refused_next_to_the_field(
    cast: World, browser_of: Browser
) -> None:
    membership = Membership.objects.get(user=cast.reader, team=None, project=None)
    answer = browser_of("org_admin").post(
        url("member-edit", cast.organization, membership.pk), {"max_budget": "1000000"}
    )
    assert answer.status_code == 422
    assert "max_budget" in answer.context["form"].errors


def test_the_last_admin_stays(cast: World, browser_of: Browser) -> None:
    membership = Membership.objects.get(user=cast.org_admin, team=None, project=None)
    for name, fields in (("member", {"role": "internal_user"}), ("member-remove", {})):
        answer = browser_of("org_admin").post(url(name, cast.organization, membership.pk), fields)
        assert answer.status_code == 409
        assert "appoint another one first" in answer.content.decode()
    membership.refresh_from_db()
    assert membership.role == "org_admin"


def test_a_member_of_a_team_is_no_member_of_the_page_of_the_organization(cast: World, browser_of: Browser) -> None:
    in_team = Membership.objects.get(user=cast.member, team=cast.team)
    answer = browser_of("org_admin").post(url("member-remove", cast.organization, in_team.pk))
    assert answer.status_code == 404


def test_people_are_found_by_name_or_address(cast: World, browser_of: Browser) -> None:
    shown = browser_of("org_admin").get(f"{url('members', cast.organization)}?q=colleague").context["members"]
    assert {row.user for row in shown} == {cast.colleague, cast.granted_colleague, cast.project_colleague}
