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
from rbacadmin.policy import Action, Actor, grants
from teams.models import Invitation, Membership, Team, User
from tests.factories import (
    KeyFactory,
    OrganizationFactory,
    ProjectFactory,
    TeamFactory,
    UserFactory,
    join,
    service_key,
)
from tests.routes.screens import DASHBOARD
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
        service_key(project=cast.project)
        join(cast.member, team, "user")
        KeyFactory(user=cast.member, team=team, organization=cast.organization)
        name = f"model {number}"
        CatalogModel.objects.create(name=name)
        CatalogModel.objects.create(name=name, team=cast.team, organization=cast.organization)
        ModelAccessGroup.objects.create(name=f"group {number}", models=[name])
        Budget.objects.create(max_budget=number)
        Customer.objects.create(public_id=f"shopper {number}", rpm_limit=number)
        OrganizationFactory()
        share(cast, team)
        audit.record(Actor.master(), "team.updated", cast.team, number=number)
    day = timezone.now().date()
    DailyUsage.objects.bulk_create(
        DailyUsage(kind=kind, object_id=pk, day=day, model="gpt-4", requests=1, spend=1) for kind, pk in used
    )


def share(cast: World, team: Team) -> None:
    """What the member is in, with a team of theirs."""
    for scope in (cast.organization, cast.project, cast.team):
        grants.set_for(scope, team.group, [Action.VIEW_SPEND])


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


# What an address asks for besides: the other faces of screens that the table of routes names once.
ASKING = (
    *(
        "/ui/usage/?by=key",
        "/ui/find/?q=gr",
        "/ui/keys/?q=g&state=active",
        "/ui/people/?q=a",
        "/ui/keys/?sort=alias_key",
    ),
    "/ui/access/?person={person}&action=delete_teams&kind=team&object={team_name}",
    "/ui/access/who/?action=manage_members&kind=team&object={team_name}",
    "/ui/access/compare/?one={person}&other={other}",
    *("/ui/organizations/{organization}/usage/?by=key", "/ui/organizations/{organization}/access/?action=view_members"),
    *("/ui/teams/{team}/usage/?by=membership", "/ui/teams/{team}/?q=a", "/ui/teams/{team}/members/?q=a"),
    *("/ui/projects/{project}/usage/?by=membership", "/ui/projects/{project}/members/?q=a"),
    *(f"/ui/people/{{person_id}}/{section}" for section in ("", "limits/", "keys/", "usage/?by=key", "history/")),
)
AT_MOST = 50  # queries of any screen


def screens_of(cast: World, name: str) -> list[str]:
    """The address of every screen that opens for somebody, and what else can be asked of some of them."""
    known = {
        "organization": cast.organization.pk,
        "project": cast.project.pk,
        "team": cast.team.pk,
        "team_name": cast.team.public_id,
        "person": cast.member.email,
        "person_id": cast.member.pk,
        "other": cast.team_admin.email,
    }
    opened = {route: rule for route, rule in DASHBOARD.items() if rule.statuses[name] == 200}
    routes = [rule.path(cast) if rule.path else f"/{route}" for route, rule in opened.items()]
    return [*routes, *(address.format(**known) for address in ASKING)]


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["proxy_admin", "org_admin", "member"])
def test_a_screen_costs_the_same_at_three_rows_and_at_thirty(
    cast: World, browser_of: Callable[[str], Any], name: str
) -> None:
    browser = browser_of(name)
    # else the record, the usage and the invitations are empty, and nothing is looked up for them
    for row in (cast.organization, cast.project, cast.team, cast.member, cast.here.keys["member_team"]):
        audit.record(Actor.master(), "team.updated", row)
    book([Use(cast.here.keys["member_team"]), Use(cast.here.keys["project_owner_project"])])
    invited(cast.member, cast.team)
    borrowers = TeamFactory(organization=cast.organization)
    join(cast.member, borrowers, "user")
    share(cast, borrowers)
    # asked for once before, for what is read once a process
    urls = [url for url in screens_of(cast, name) if browser.get(url).status_code == 200]
    assert len(urls) > 40
    before = [counted(lambda u=url: browser.get(u)) for url in urls]
    grow(cast)
    with cells() as tried:
        for url, few in zip(urls, before, strict=True):
            with tried.cell(url):
                many = counted(lambda u=url: browser.get(u))
                assert many <= few < AT_MOST, (few, many)
