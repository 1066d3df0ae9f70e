"""What lists cost: the same at three rows and at thirty."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gateway.models import Budget, CatalogModel, Customer, DailyUsage, ModelAccessGroup
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import audit, policy
from rbacadmin.policy import Action, Actor
from teams.models import Invitation, Membership, Team, User
from tests.factories import KeyFactory, OrganizationFactory, ProjectFactory, TeamFactory, UserFactory, join
from tests.support.cells import cells
from tests.usage import Use, book
from tests.world import World, invited

LISTS: list[tuple[type[Model], Action]] = [
    (Organization, Action.SEE_ORGANIZATIONS),
    (Project, Action.VIEW_PROJECTS),
    (Team, Action.SEE_TEAMS),
    (Membership, Action.VIEW_MEMBERS),
    (User, Action.VIEW_PEOPLE),
    (Key, Action.LIST_KEYS),
    (Invitation, Action.VIEW_INVITATIONS),
]
PEOPLE = ("proxy_admin", "auditor", "org_admin", "team_admin", "granted", "project_owner", "member", "loner")


def grow(cast: World) -> None:
    """Thirty more of everything."""
    used: list[tuple[str, Any]] = []
    for number in range(30):
        team = TeamFactory(organization=cast.organization)
        ProjectFactory(organization=cast.organization)
        person = UserFactory()
        join(person, cast.team, "user")
        join(person, team, "user")
        key = KeyFactory(user=person, team=cast.team, organization=cast.organization, alias=f"grown {number}")
        used += [("key", key.pk), ("membership", Membership.objects.get(user=person, team=cast.team).pk)]
        invited(person, cast.team)
        join(person, cast.project, "member")
        KeyFactory(user=person, project=cast.project, organization=cast.organization, models=["gpt-4o"])
        name = f"model {number}"
        CatalogModel.objects.create(name=name)
        CatalogModel.objects.create(name=name, team=cast.team, organization=cast.organization)
        ModelAccessGroup.objects.create(name=f"group {number}", models=[name])
        Budget.objects.create(max_budget=number)
        Customer.objects.create(public_id=f"shopper {number}", rpm_limit=number)
        OrganizationFactory()
        audit.record(Actor.master(), "team.updated", cast.team, number=number)
    day = timezone.now().date()
    DailyUsage.objects.bulk_create(
        DailyUsage(kind=kind, object_id=pk, day=day, model="gpt-4", requests=1, spend=1) for kind, pk in used
    )


def counted(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        run()
    return len(queries)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_page_is_one_query_and_a_numbered_one_two(cast: World, name: str) -> None:
    for grown in (False, True):
        if grown:
            grow(cast)
        actor = cast.actor(name)
        len(actor.grants)
        for model, action in LISTS:
            rows = model._default_manager.all()
            assert counted(lambda a=actor, d=action, r=rows: policy.page(a, d, r, size=100)) <= 1, (model, grown)
            assert counted(lambda a=actor, d=action, r=rows: policy.numbered(a, d, r, page=1, size=100)) <= 2
            assert counted(lambda a=actor, d=action, r=rows: list(policy.visible(a, d, r))) <= 1


def test_a_key_pays_no_more_than_its_owner(cast: World) -> None:
    key = cast.here.keys["team_admin_team"]
    assert counted(lambda: Actor.for_key(Key.objects.select_related("user").get(pk=key.pk))) <= 5
    actor = Actor.for_key(key)
    len(actor.grants)
    for model, action in LISTS:
        assert counted(lambda d=action, m=model: policy.page(actor, d, m._default_manager.all())) <= 1


@pytest.mark.parametrize("action", [Action.VIEW_KEYS, Action.MANAGE_MEMBERS, Action.CREATE_ORGANIZATIONS])
def test_the_reverse_look_up_is_one_query(cast: World, action: Action) -> None:
    list(policy.who(action, cast.team))  # what is read once a process
    for grown in (False, True):
        if grown:
            grow(cast)
        for row in (cast.team, cast.here.keys["member_team"], cast.project, None):
            assert counted(lambda r=row: list(policy.who(action, r))) == 1


SECTIONS = ("", "members/", "teams/", "projects/", "keys/", "usage/?by=key", "access/", "history/")
SCREENS = [
    *(
        "/ui/",
        "/ui/organizations/",
        "/ui/projects/",
        "/ui/teams/",
        "/ui/people/",
        "/ui/keys/",
        "/ui/models/",
        "/ui/models/groups/",
    ),
    "/ui/people/invitations/",
    "/ui/audit/",
    "/ui/audit/refused/",
    *(f"/ui/organizations/{{organization}}/{section}" for section in SECTIONS),
    "/ui/teams/{team}/models/",
    *(
        f"/ui/projects/{{project}}/{section}"
        for section in ("", "members/", "keys/", "service-accounts/", "usage/?by=membership", "access/", "history/")
    ),
    *("/ui/access/permissions/", "/ui/hygiene/", "/ui/find/?q=gr", "/ui/usage/?by=key"),
]


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize("name", ["org_admin", "member"])
def test_a_screen_costs_the_same_at_three_rows_and_at_thirty(
    cast: World, browser_of: Callable[[str], Any], name: str
) -> None:
    browser = browser_of(name)
    urls = [
        url.format(organization=cast.organization.pk, project=cast.project.pk, team=cast.team.pk) for url in SCREENS
    ]
    # else the record, the usage and the invitations are empty, and nothing is looked up for them
    audit.record(Actor.master(), "team.updated", cast.team)
    book([Use(cast.here.keys["member_team"]), Use(cast.here.keys["project_owner_project"])])
    invited(cast.member, cast.team)
    for url in urls:
        browser.get(url)  # what is read once a process
    before = [counted(lambda u=url: browser.get(u)) for url in urls]
    grow(cast)
    with cells() as tried:
        for url, few in zip(urls, before, strict=True):
            with tried.cell(url):
                many = counted(lambda u=url: browser.get(u))
                assert many <= few < 30, (few, many)


@pytest.mark.parametrize("url", ["/ui/settings/", "/ui/settings/claims/", "/ui/hygiene/"])
def test_what_is_for_the_platform_costs_the_same(cast: World, browser_of: Callable[[str], Any], url: str) -> None:
    browser = browser_of("auditor")
    browser.get(url)
    few = counted(lambda: browser.get(url))
    grow(cast)
    assert counted(lambda: browser.get(url)) <= few < 30


@pytest.mark.parametrize(
    "section", ["", "members/", "keys/", "permissions/", "usage/?by=membership", "access/", "history/"]
)
def test_a_team_costs_the_same_however_much_is_in_it(
    cast: World, browser_of: Callable[[str], Any], section: str
) -> None:
    browser, url = browser_of("org_admin"), f"/ui/teams/{cast.team.pk}/{section}"
    audit.record(Actor.master(), "team.updated", cast.team)
    book([Use(cast.here.keys["member_team"])])
    browser.get(url)
    few = counted(lambda: browser.get(url))
    grow(cast)
    assert counted(lambda: browser.get(url)) <= few < 30


@pytest.mark.parametrize("section", ["", "limits/", "keys/", "usage/?by=key", "sessions/", "history/"])
def test_a_person_costs_the_same_however_much_they_have(
    cast: World, browser_of: Callable[[str], Any], section: str
) -> None:
    browser, url = browser_of("proxy_admin"), f"/ui/people/{cast.member.pk}/{section}"
    browser.get(url)
    few = counted(lambda: browser.get(url))
    for _ in range(30):
        team = TeamFactory(organization=cast.organization)
        join(cast.member, team, "user")
        KeyFactory(user=cast.member, team=team, organization=cast.organization)
    assert counted(lambda: browser.get(url)) <= few < 30
