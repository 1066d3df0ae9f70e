"""Makes the demo company as its own people would: by the services, so that every row is on record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from keys.models import Key
from keys.service_accounts import add_service_key
from keys.services import block_key, generate_key, generate_service_key
from orgs.models import Organization, Project
from orgs.services import create_organization, create_project
from rbacadmin import money
from rbacadmin.management.demo.cast import HOUSES, PEOPLE, PURPOSES, ROBOTS, SHARES, House, email_of
from rbacadmin.management.demo.catalog import build_catalog
from rbacadmin.policy import ROLES, Action, Actor, Origin
from rbacadmin.policy.roles import MEMBER_ACTIONS
from teams.models import Membership, Team, User
from teams.services import add_member, create_team, create_user, share_scope
from teams.services.teams import DEFAULT_PERMISSIONS

SEED = 2026
KEYS = 400
ORIGIN = Origin(door="demo")
AUDITOR = "quinn.ellery@audit.example.com"  # of no organization: sees everything, changes nothing
Say = Callable[[str], Any]


@dataclass
class Made:
    """One organization with what is in it. Leaders come first in each list of people."""

    house: House
    organization: Organization
    people: list[User] = field(default_factory=list)
    teams: dict[Team, list[User]] = field(default_factory=dict)
    projects: dict[Project, list[User]] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)


def build(chance: Random, say: Say) -> list[Made]:
    """Everything that has a service: organizations, people, teams, projects, keys, blocks."""
    master = Actor.master(ORIGIN)
    names = iter(PEOPLE)
    made = []
    for house, share in zip(HOUSES, SHARES, strict=True):
        organization = create_organization(
            master,
            alias=house.alias,
            models=list(house.models),
            max_budget=money.to_nano(house.budget),
            budget_duration="30d",
            rpm_limit=6000,
            tpm_limit=4_000_000,
        )
        here = Made(house, organization)
        here.people = [person(master, organization, next(names), house.domain) for _ in range(share)]
        furnish(master, here, chance)
        made.append(here)
        say(f"  {house.alias}: {len(here.people)} people, {len(here.teams)} teams, {len(here.projects)} projects")
    say(f"  {build_catalog(made, ORIGIN)} models")
    create_user(master, email=AUDITOR, name="Quinn Ellery", platform_role="proxy_admin_viewer")
    for number in range(KEYS):
        here = chance.choices(made, weights=SHARES)[0]
        here.keys.append(mint(here, number, chance))
        if number % 100 == 99:
            say(f"  {number + 1} keys")
    block_some(made, chance)
    return made


def person(actor: Actor, organization: Organization, name: str, domain: str) -> User:
    return create_user(actor, email=email_of(name, domain), name=name, organizations=[organization])


def furnish(master: Actor, here: Made, chance: Random) -> None:
    """Two organization admins, teams with an admin and members, projects with an owner and members."""
    first, second, *others = here.people
    for leader in (first, second):
        joined = Membership.objects.get(user=leader, organization=here.organization, team=None, project=None)
        promote(master, joined)
    admin = Actor.for_user(first, ORIGIN)
    share = here.house.budget // len(here.house.teams)
    for number, alias in enumerate(here.house.teams):
        team = create_team(
            admin,
            here.organization,
            alias=alias,
            max_budget=money.to_nano(share * chance.choice((2, 3, 4)) // 4),
            budget_duration="30d",
            rpm_limit=chance.choice((300, 600, 1200)),
            tpm_limit=chance.choice((200_000, 400_000)),
            models=sorted(chance.sample(here.house.models, 3)) if number % 2 else None,
            permissions=frozenset(MEMBER_ACTIONS) if number % 3 == 0 else DEFAULT_PERMISSIONS,
        )
        leader = others[number]
        members = [leader, *chance.sample([one for one in others if one != leader], chance.randint(5, 8))]
        for one in members:
            role = "admin" if one is leader else "user"
            limits: dict[str, Any] = {"rpm_limit": 60} if chance.random() < 0.3 else {}
            if one is not leader and chance.random() < 0.5:
                limits |= {"max_budget": money.to_nano(chance.choice((100, 150, 250))), "budget_duration": "30d"}
            add_member(admin, team, person=one.public_id, role=role, **limits)
        here.teams[team] = members
    for alias in here.house.projects:
        budget = money.to_nano(share // 2)
        project = create_project(admin, here.organization, alias=alias, max_budget=budget, **runs(alias))
        members = chance.sample(others, 5)
        for one in members:
            add_member(admin, project, person=one.public_id, role="owner" if one is members[0] else "member")
        here.projects[project] = members
    lend(admin, here)


def lend(admin: Actor, here: Made) -> None:
    """A second team works in the projects too, and looks at the keys of the first team."""
    first, second, *_ = here.teams
    for project in here.projects:
        share_scope(admin, project, team=second, actions=ROLES["project"]["member"])
    share_scope(admin, first, team=second, actions=[Action.LIST_KEYS, Action.VIEW_SPEND])


def runs(alias: str) -> dict[str, Any]:
    """Where a project's jobs run: in a namespace of its name, with accelerators in one of two clusters."""
    label = {"key": "accelerator", "value": "a100"}
    training = {"namespace": f"{alias}-gpu", "cluster_id": "eu-1", "kueue_queue_name": "gpu", "node_selector": [label]}
    return {"kubernetes_namespace": alias, "assignments": [{"namespace": alias}, training]}


def promote(actor: Actor, joined: Membership) -> None:
    from teams.services import change_member

    change_member(actor, joined, role="org_admin")


def mint(here: Made, number: int, chance: Random) -> Key:
    """One key: six in ten for somebody's work in a team, the others a person's own, a project's or a robot's."""
    kind = chance.choices(("team", "personal", "project", "service"), weights=(60, 16, 12, 12))[0]
    values: dict[str, Any] = {"expires_at": ending(chance)}
    if chance.random() < 0.6:
        values |= {"max_budget": money.to_nano(chance.choice((10, 25, 50, 80))), "budget_duration": "30d"}
    if chance.random() < 0.3:
        values["rpm_limit"] = chance.choice((10, 30, 60))
    if kind == "personal":
        owner = chance.choice(here.people)
        alias = alias_of(owner, number, chance)
        actor = Actor.for_user(owner, ORIGIN)
        return generate_key(actor, owner=owner, organization=here.organization, alias=alias, **values)[0]
    scopes: dict[Any, list[User]] = here.projects if kind == "project" else here.teams
    scope, members = chance.choice(list(scopes.items()))
    actor, place = Actor.for_user(members[0], ORIGIN), {scope.kind: scope}
    if chance.random() < 0.4:
        allowed = scope.models or here.house.models
        values["models"] = sorted(chance.sample(allowed, 2))
    if kind == "service":
        purpose = chance.choice(ROBOTS)
        if number % 3 == 0:
            return robot(here, purpose, number, values)
        alias = f"{scope.alias.lower().replace(' ', '-')}-{purpose}-{number}"
        return generate_service_key(actor, alias=alias, **place, **values)[0]
    owner = chance.choice(members)
    values["rpm_limit"] = min(values.get("rpm_limit", 60), 60) if chance.random() < 0.5 else None
    if kind == "project":
        actor = Actor.for_user(owner, ORIGIN)  # in a project everybody makes their own
    return generate_key(actor, owner=owner, alias=alias_of(owner, number, chance), **place, **values)[0]


def robot(here: Made, purpose: str, number: int, values: dict[str, Any]) -> Key:
    """A service account of a project; every other time one more key of the account that is there."""
    project, members = list(here.projects.items())[number % len(here.projects)]
    actor, alias = Actor.for_user(members[0], ORIGIN), f"{project.alias}-{purpose}-{number}"
    known = next((key.user for key in here.keys if key.kind == Key.Kind.SERVICE and key.project == project), None)
    if known is not None and number // 6 % 2:
        return add_service_key(actor, project, account=known, alias=alias, **values)[0]
    return generate_service_key(actor, alias=alias, project=project, **values)[0]


def alias_of(owner: User, number: int, chance: Random) -> str:
    return f"{owner.name.split()[0].lower()}-{chance.choice(PURPOSES)}-{number}"


def ending(chance: Random) -> datetime | None:
    """Most keys never expire; some will within days, some have. Each at its own moment, as people make them."""
    days = chance.choices((None, (-6, -0.5), (0.3, 6), (20, 90)), weights=(55, 10, 12, 23))[0]
    return timezone.now() + timedelta(days=chance.uniform(*days)) if days else None


def block_some(made: list[Made], chance: Random) -> None:
    """A few keys are blocked: by their owner, by an organization's admin, by the platform."""
    for here in made:
        admin = Actor.for_user(here.people[0], ORIGIN)
        for number, key in enumerate(chance.sample(here.keys, 6)):
            block_key(admin if number % 3 else Actor.master(ORIGIN), key)


def try_what_is_refused(made: list[Made]) -> int:
    """What people try and may not: each call leaves a refusal in the audit log. Returns how many."""
    from orgs.services import update_organization
    from rbacadmin.errors import Refused
    from teams.services import set_member_permissions, update_team

    refused = 0
    for here in made:
        for team, members in here.teams.items():
            admin, member = Actor.for_user(members[0], ORIGIN), Actor.for_user(members[-1], ORIGIN)
            attempts: list[tuple[Callable[..., Any], Actor, Any, dict[str, Any]]] = [
                (update_team, admin, team, {"max_budget": (team.max_budget or 0) * 2}),
                (add_member, member, team, {"person": here.people[0].public_id, "role": "admin"}),
                (set_member_permissions, member, team, {"permissions": frozenset({Action.DELETE_KEYS})}),
                (update_organization, admin, here.organization, {"max_budget": None}),
            ]
            for verb, actor, row, values in attempts:
                try:
                    verb(actor, row, **values)
                except Refused:
                    refused += 1
    return refused
