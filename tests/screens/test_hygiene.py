"""What to tidy up, and finding anything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keys.models import Key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.sighted import signing_in
from teams.models import User
from tests.test_queries import grow
from tests.world import World

Browser = Callable[[str], Client]


def found(browser: Client) -> dict[str, list[Any]]:
    return {str(finding.title): finding.rows for finding in browser.get("/ui/hygiene/").context["findings"]}


def test_each_person_is_told_what_they_could_mend(cast: World, browser_of: Browser) -> None:
    old = timezone.now() - timedelta(days=100)
    Key.objects.filter(pk__in=[cast.here.keys[name].pk for name in ("member_team", "outsider_team")]).update(
        created_at=old, last_used_at=None
    )
    Key.objects.filter(pk=cast.there.keys["member_team"].pk).update(created_at=old, alias="of-the-others")
    admin, team_admin = found(browser_of("org_admin")), found(browser_of("team_admin"))
    assert {"member-team", "outsider-team"} <= {row.label for row in admin["Keys that nobody uses"]}
    assert "outsider-team" not in {row.label for row in team_admin["Keys that nobody uses"]}
    assert "of-the-others" not in {row.label for rows in admin.values() for row in rows}
    assert [row.label for row in admin["Organizations with one admin"]] == [cast.organization.label]
    assert "Organizations with one admin" not in team_admin
    assert [row.label for row in admin["Admins without a second factor"]] == [cast.org_admin.label], "only oneself"
    assert [row.button for row in admin["Admins without a second factor"]] == ["Set up"]
    assert len(found(browser_of("proxy_admin"))["Admins without a second factor"]) > 3


def test_the_policy_says_of_whom_one_hears_how_they_sign_in(cast: World) -> None:
    everybody = User.objects.people()
    for name in ("member", "org_admin", "team_admin", "stranger", "loner"):
        assert list(signing_in(cast.actor(name), everybody)) == [getattr(cast, name)], name
    for name in ("auditor", "proxy_admin"):
        assert set(signing_in(cast.actor(name), everybody)) == set(everybody), name
    blocked = replace(cast.actor("proxy_admin"), active=False)
    assert list(signing_in(blocked, everybody)) == [cast.proxy_admin], "of oneself"
    assert not signing_in(Actor.nobody(), everybody)


def test_a_contradiction_is_named_where_it_is_mended(cast: World, browser_of: Browser) -> None:
    Organization.objects.filter(pk=cast.organization.pk).update(max_budget=50 * 10**9)
    rows = found(browser_of("team_admin"))["Limits that contradict each other"]
    assert [(row.label, row.url) for row in rows] == [(cast.team.label, f"/ui/teams/{cast.team.pk}/edit/")]
    assert "Must be at most what the organization has ($50.00)" in rows[0].text


def test_who_only_reads_sees_it_all_and_whom_to_ask(cast: World, browser_of: Browser) -> None:
    Organization.objects.filter(pk=cast.organization.pk).update(max_budget=50 * 10**9)
    old = timezone.now() - timedelta(days=100)
    Key.objects.filter(pk=cast.here.keys["member_team"].pk).update(created_at=old, last_used_at=None)
    auditor, admin = found(browser_of("auditor")), found(browser_of("proxy_admin"))
    assert {title: [row.label for row in rows] for title, rows in auditor.items()} == {
        title: [row.label for row in rows] for title, rows in admin.items()
    }
    mine = {cast.auditor.label}
    assert not any(row.url for rows in auditor.values() for row in rows if row.label not in mine), "no button"
    (key,) = [row for row in auditor["Keys that nobody uses"] if row.label == "member-team"]
    assert {cast.org_admin.label, cast.team_admin.label} <= set(key.menders), "not its owner: it is the team's"
    people = auditor["Admins without a second factor"]
    assert all(list(row.menders) == [row.label] for row in people if row.label not in mine), "each for themselves"
    page = browser_of("auditor").get("/ui/hygiene/").content.decode()
    assert f"Ask {cast.org_admin.label}" in page


def test_who_is_named_can_mend_it(cast: World) -> None:
    asker = cast.actor("auditor")
    asked = [(action, key) for key in Key.objects.all() for action in (Action.DELETE_KEYS, Action.UPDATE_KEYS)]
    asked += [(Action.MANAGE_MEMBERS, row) for row in (cast.organization, cast.team, cast.project)]
    named = policy.nearest(asker, asked)
    assert any(named)
    for (action, row), people in zip(asked, named, strict=True):
        assert {one.pk for one in people} <= set(policy.who(action, row).values_list("pk", flat=True)), (action, row)
    with CaptureQueriesContext(connection) as cost:
        policy.nearest(asker, asked)
    assert len(cost) == 2


def test_an_owner_is_asked_about_what_is_their_own(cast: World, browser_of: Browser) -> None:
    rows = found(browser_of("org_admin"))["Keys that never expire"]
    key = cast.here.keys["member_personal"]
    assert [(row.url, list(row.menders)) for row in rows if row.label == key.label] == [("", [cast.member.label])]


def test_what_is_cut_says_where_all_of_it_is(cast: World, browser_of: Browser) -> None:
    grow(cast)
    now = timezone.now()
    Key.objects.filter(alias__startswith="grown").update(expires_at=None, created_at=now - timedelta(days=100))
    admin = browser_of("proxy_admin")
    by_title = {str(one.title): one for one in admin.get("/ui/hygiene/").context["findings"]}
    for title in ("Keys that never expire", "Keys that nobody uses"):
        finding = by_title[title]
        assert finding.total > len(finding.rows) == 20
        shown = admin.get(finding.all_url).context["list"]
        assert shown.total == str(finding.total), title
    seen = browser_of("member").get("/ui/keys/?ends=never").context["page"].items
    assert seen
    assert all(key.expires_at is None for key in seen)


def test_a_finding_without_a_list_stands_on_a_page_of_its_own(cast: World, browser_of: Browser) -> None:
    User.objects.bulk_create(
        User(email=f"lead{n:02}@acme.example", public_id=f"lead{n:02}", platform_role="proxy_admin") for n in range(25)
    )
    admin = browser_of("proxy_admin")
    cut = next(one for one in admin.get("/ui/hygiene/").context["findings"] if "second factor" in str(one.title))
    assert (len(cut.rows), cut.all_url) == (20, "/ui/hygiene/?only=no-second-factor")
    (alone,) = admin.get(cut.all_url).context["findings"]
    assert (len(alone.rows), alone.all_url) == (alone.total, "")


def test_nothing_to_mend_is_said(cast: World, browser_of: Browser) -> None:
    Key.objects.filter(user=cast.viewer).delete()
    assert "Nothing to tidy up" in browser_of("viewer").get("/ui/hygiene/").content.decode()


@pytest.mark.parametrize("path", ["/ui/hygiene/", "/ui/find/?q=ac"])
def test_it_costs_the_same_at_three_rows_and_at_thirty(cast: World, browser_of: Browser, path: str) -> None:
    browser = browser_of("org_admin")
    browser.get(path)
    with CaptureQueriesContext(connection) as few:
        browser.get(path)
    grow(cast)
    with CaptureQueriesContext(connection) as many:
        browser.get(path)
    assert len(many) <= len(few) < 30


def test_anything_visible_is_found_by_a_few_letters(cast: World, browser_of: Browser) -> None:
    def hits(name: str, text: str) -> set[str]:
        return {hit.label for hit in browser_of(name).get("/ui/find/", {"q": text}).context["hits"]}

    assert cast.team.label in hits("org_admin", "acme c")
    assert cast.colleague.email in hits("org_admin", "colleague@acme")
    assert "colleague-team" in hits("org_admin", "colleague-t")
    assert hits("stranger", "acme") == set()
    assert cast.other_team.label not in hits("member", "acme")
    assert "Keys" in hits("loner", "key")
    assert hits("loner", "a") == set(), "two letters at least"
