"""Which level binds, on the page of a key: marked, and in numbers for those alone who may read them."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboard.limits import limits_of_member
from gateway.models import CatalogModel, ModelAccessGroup, Spend
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import money
from teams.models import Membership, Team, User
from tests.world import World

Browser = Callable[[str], Client]
LIMITS = ("models", "max_budget", "rpm_limit", "tpm_limit", "max_parallel_requests")
DOLLAR = money.NANO


def put(row: Any, **values: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


def cleared(cast: World) -> Key:
    """The member's key in the team, with nothing set anywhere."""
    for model in (Organization, Team, Project, Membership, User, Key):
        model.objects.update(**dict.fromkeys(LIMITS))  # type: ignore[attr-defined]
    return cast.here.keys["member_team"]


def page(browser: Client, key: Key) -> Any:
    return browser.get(reverse("key-detail", args=[key.pk]))


def marked(answer: Any) -> set[tuple[str, str]]:
    steps = answer.context["limits"].steps
    return {(step.kind, cell.name) for step in steps for cell in step.cells if cell.binds}


def test_every_level_is_there_and_the_binding_one_marked(cast: World, browser_of: Browser) -> None:
    key = cleared(cast)
    put(cast.organization, max_budget=50 * DOLLAR, rpm_limit=100)
    put(cast.team, max_budget=20 * DOLLAR, rpm_limit=30, models=["claude"])
    put(key, max_budget=10 * DOLLAR)
    Spend.objects.create(kind="team", object_id=cast.team.pk, current=19 * DOLLAR, lifetime=19 * DOLLAR)
    answer = page(browser_of("org_admin"), key)
    assert [step.kind for step in answer.context["limits"].steps] == ["key", "member", "team", "organization", "user"]
    assert marked(answer) == {("team", "max_budget"), ("team", "rpm_limit"), ("team", "models")}
    assert [cell.name for cell in answer.context["limits"].steps[-1].cells if cell.idle] == ["max_budget", "models"]
    text = answer.content.decode()
    assert "$1.00 left of $20.00" in text
    assert answer.context["limits"].models == ["acme core llama", "claude"]


def test_numbers_of_a_level_are_for_those_who_may_read_them(cast: World, browser_of: Browser) -> None:
    key = cleared(cast)
    put(cast.organization, max_budget=77 * DOLLAR, tpm_limit=4321)
    Spend.objects.create(kind="organization", object_id=cast.organization.pk, current=33 * DOLLAR, lifetime=0)
    answer = page(browser_of("member"), key)
    assert marked(answer) == {("organization", "max_budget"), ("organization", "tpm_limit")}
    text = answer.content.decode()
    assert "Its numbers are not shown to you." in text
    assert not any(number in text for number in ("$77", "$33", "$44", "4,321"))
    seen = page(browser_of("org_admin"), key).content.decode()
    assert "$44.00 left of $77.00" in seen
    assert "4,321" in seen


def test_a_child_above_its_parent_is_a_warning(cast: World, browser_of: Browser) -> None:
    key = cleared(cast)
    put(cast.organization, max_budget=20 * DOLLAR)
    put(cast.team, max_budget=30 * DOLLAR)
    assert page(browser_of("org_admin"), key).context["limits"].warnings == [
        "Team: its budget is above what the organization allows. The smaller one counts."
    ]
    assert page(browser_of("member"), key).context["limits"].warnings == [], "the team's budget is not for members"


def test_nothing_set_says_so(cast: World, browser_of: Browser) -> None:
    text = page(browser_of("org_admin"), cleared(cast)).content.decode()
    assert "no level sets any" in text
    assert "all of the platform" in text


def test_a_membership_is_told_the_same_way(cast: World) -> None:
    cleared(cast)
    put(cast.team, rpm_limit=9)
    rows = Membership.objects.select_related("user", "team", "project", "organization")
    found = limits_of_member(cast.actor("team_admin"), rows.get(user=cast.member, team=cast.team))
    assert [(one.name, one.level.kind, one.value) for one in found.bindings] == [("rpm_limit", "team", 9)]
    assert [step.kind for step in found.steps] == ["member", "team", "organization", "user"]


def test_it_costs_the_same_whatever_is_set(cast: World, browser_of: Browser) -> None:
    key, browser = cleared(cast), browser_of("org_admin")
    for row in (cast.organization, cast.team, cast.member, key):
        put(row, max_budget=DOLLAR, rpm_limit=1, models=["gpt-4o", "fast"])
    page(browser, key)
    with CaptureQueriesContext(connection) as few:
        page(browser, key)
    for number in range(30):
        CatalogModel.objects.create(name=f"own {number}", team=cast.team, organization=cast.organization)
        ModelAccessGroup.objects.create(name=f"group {number}", models=["gpt-4o"])
    with CaptureQueriesContext(connection) as many:
        page(browser, key)
    assert len(many) <= len(few) <= 20


def test_levels_are_folded_where_a_person_has_several_places(cast: World, browser_of: Browser) -> None:
    """What counts is open; level by level stays closed, unless there is one place alone."""
    browser = browser_of("proxy_admin")
    several = browser.get(reverse("person-limits", args=[cast.member.pk]))
    assert len(several.context["places"]) == several.content.decode().count("<details><summary") > 1
    alone = browser.get(reverse("person-limits", args=[cast.reader.pk]))
    assert len(alone.context["places"]) == 1
    assert "<details><summary" not in alone.content.decode()
