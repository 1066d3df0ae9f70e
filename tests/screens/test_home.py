"""The landing page: for each person what they look after, and nothing of anybody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gateway.models import DailyUsage, Spend
from orgs.models import Organization
from rbacadmin.policy import Action
from tests.world import World, invited

Browser = Callable[[str], Client]
DOLLAR = 10**9


def home(browser: Client) -> Any:
    answer = browser.get("/ui/")
    assert answer.status_code == 200
    return answer.context


def use(kind: str, row: Any, dollars: int) -> None:
    DailyUsage.objects.create(
        kind=kind, object_id=row.pk, day=timezone.now().date(), model="gpt-4", spend=dollars * DOLLAR
    )


@pytest.mark.parametrize(
    ("name", "title", "dollars"),
    [
        ("proxy_admin", "Spend of all organizations", 1100),
        ("auditor", "Spend of all organizations", 1100),
        ("org_admin", "Spend of your organizations", 100),
        ("team_admin", "Spend of what you look after", 20),
        ("project_owner", "Spend of what you look after", 3),
        ("member", "What you spent", 1),
        ("loner", "What you spent", 0),
    ],
)
def test_each_sees_the_spend_of_the_widest_they_look_after(
    cast: World, browser_of: Browser, name: str, title: str, dollars: int
) -> None:
    for kind, row, spent in (
        ("organization", cast.organization, 100),
        ("organization", cast.there.organization, 1000),
        ("team", cast.team, 20),
        ("team", cast.other_team, 40),
        ("project", cast.project, 3),
        ("user", cast.member, 1),
        ("user", cast.colleague, 7),
    ):
        use(kind, row, spent)
    seen = home(browser_of(name))
    assert (seen["chart_title"], seen["chart"].total) == (title, dollars * DOLLAR)


def test_budgets_near_their_cap_come_fullest_first(cast: World, browser_of: Browser) -> None:
    for row, dollars in ((cast.team, 85), (cast.granted_team, 99), (cast.project, 79), (cast.there.team, 100)):
        Spend.objects.create(object_id=row.pk, kind=row.kind, current=dollars * DOLLAR, lifetime=dollars * DOLLAR)
    assert [row.pk for row in home(browser_of("org_admin"))["tight"]] == [cast.granted_team.pk, cast.team.pk]
    assert [row.pk for row in home(browser_of("team_admin"))["tight"]] == [cast.team.pk]
    assert home(browser_of("member"))["tight"] == []
    assert home(browser_of("auditor"))["tight"][0].pk == cast.there.team.pk


def test_what_a_period_that_is_over_has_counted_is_nothing_now(cast: World, browser_of: Browser) -> None:
    cast.team.budget_duration = "1d"
    cast.team.save()
    long_ago = timezone.now() - timedelta(days=3)
    Spend.objects.create(
        object_id=cast.team.pk, kind="team", current=99 * DOLLAR, lifetime=99 * DOLLAR, period_start=long_ago
    )
    assert home(browser_of("org_admin"))["tight"] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("proxy_admin", "Your role on this platform: Platform admin"),
        ("org_admin", "Organization admin of {organization}: manages"),
        ("team_admin", "Team admin of {team}: manages"),
        ("member", "Team member of {team}: uses"),
        ("reader", "Reader of {organization}: belongs"),
        ("loner", "Your role on this platform: Internal user"),
    ],
)
def test_home_names_the_widest_role_that_one_holds(cast: World, browser_of: Browser, name: str, said: str) -> None:
    page = browser_of(name).get("/ui/").text
    assert said.format(organization=cast.organization.label, team=cast.team.label) in page
    assert ("more role" in page) == (name in {"team_admin", "member"}), "they belong to the organization too"


def test_keys_that_end_within_two_weeks_are_shown_to_who_may_look_into_them(cast: World, browser_of: Browser) -> None:
    keys, now = cast.here.keys, timezone.now()
    for name, days in (("member_team", 13), ("colleague_team", 2), ("team_admin_team", 15), ("team_service", -1)):
        keys[name].expires_at = now + timedelta(days=days)
        keys[name].save()
    assert [key.alias for key, _ in home(browser_of("team_admin"))["ending"]] == ["colleague-team", "member-team"]
    assert len(home(browser_of("member"))["ending"]) == 2, "members of this team may look into its keys"
    assert home(browser_of("reader"))["ending"] == []
    assert "You may not extend it." not in browser_of("team_admin").get("/ui/").text
    told = browser_of("member").get("/ui/").text
    assert "You may not extend it." in told
    assert "Ask those who manage it" in told, "a member sees no names of them"
    assert home(browser_of("stranger"))["ending"] == []


def test_changes_and_refusals_are_for_who_may_see_the_record(cast: World, browser_of: Browser) -> None:
    key = cast.here.keys["colleague_team"]
    browser_of("team_admin").post(f"/ui/keys/{key.pk}/block/")
    browser_of("member").post(f"/ui/keys/{key.pk}/delete/", {"typed": key.alias})
    for name in ("auditor", "org_admin", "team_admin"):
        seen = home(browser_of(name))
        assert seen["changes"][0].event.event == "key.blocked"
        assert seen["refusals"][0].event.outcome == "refused"
    for name in ("member", "loner"):
        assert "record" not in home(browser_of(name))
    assert not [told for told in home(browser_of("stranger"))["changes"] if told.event.object_id == str(key.pk)]


@pytest.mark.parametrize("name", ["auditor", "proxy_admin", "org_admin", "member", "reader"])
def test_the_counts_are_those_of_the_lists(cast: World, browser_of: Browser, name: str) -> None:
    from rbacadmin import policy

    counts, actor = home(browser_of(name))["counts"], cast.actor(name)
    seen = policy.count(policy.visible(actor, Action.SEE_ORGANIZATIONS, Organization.objects.all()))
    assert counts["organizations"] == str(seen)


def test_empty_places_say_what_to_do_next(cast: World, browser_of: Browser) -> None:
    loner = browser_of("loner").get("/ui/").content.decode()
    assert "You belong to no organization yet" in loner
    assert "Nothing was spent in the last 30 days" in loner
    cast.organization.teams.all().delete()
    admin = browser_of("org_admin").get("/ui/").content.decode()
    assert "/ui/teams/new/" in admin


def test_invitations_that_wait_are_shown_to_who_made_them(cast: World, browser_of: Browser) -> None:
    invited(cast.loner, cast.team)
    invited(cast.viewer, cast.team, accepted_at=timezone.now())
    assert [one.user for one in browser_of("team_admin").get("/ui/").context["invitations"]] == [cast.loner]
    assert "Invitations that wait" in browser_of("team_admin").get("/ui/").content.decode()
    assert "Invitations that wait" not in browser_of("loner").get("/ui/").content.decode(), (
        "their own is in their account"
    )
    assert browser_of("stranger").get("/ui/").context["invitations"] == []
