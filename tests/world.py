"""The cast: one world of named people, and the same again next door.

Everybody has a `secret`: the secret of a key that is bound to nothing, so that it can do all that its owner can.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from gateway.models import Budget, CatalogModel, Customer, ModelAccessGroup
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin.policy import Actor, grants
from rbacadmin.policy.roles import MEMBER_ACTIONS
from teams.models import Invitation, Team, User
from teams.services.invitations import digest, places_of
from teams.services.teams import DEFAULT_PERMISSIONS
from tests.factories import KeyFactory, OrganizationFactory, ProjectFactory, TeamFactory, UserFactory, join, service_key

# The columns of the authorization matrix, and who in the cast plays each.
PERSONAS = {
    "proxy_admin": "proxy_admin",
    "proxy_admin_viewer": "auditor",
    "org_admin": "org_admin",
    "org_reader": "reader",
    "team_admin": "team_admin",
    "team_member": "member",
    "team_member_granted": "granted",
    "project_owner": "project_owner",
    "project_member": "project_member",
    "internal_user_no_team": "loner",
    "internal_user_viewer": "viewer",
    "anonymous": None,
    "other_org_admin": "stranger",
}


@dataclass
class Side:
    """One organization with its people, and a key of every kind."""

    organization: Organization
    team: Team  # members may do the two default things with its keys
    granted_team: Team  # members may do all ten
    other_team: Team  # a sibling without anybody of the cast
    project: Project
    other_project: Project
    people: dict[str, User] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass
class World:
    """Both sides, the platform's own people, and everybody's secret."""

    here: Side
    there: Side
    people: dict[str, User]
    secrets: dict[str, str]
    catalog: dict[str, Any] = field(default_factory=dict)  # models and access groups, to name them

    def __getattr__(self, name: str) -> Any:
        if name in self.people:
            return self.people[name]
        if name in ("here", "there"):
            raise AttributeError(name)
        return getattr(self.here, name)

    def actor(self, name: str) -> Actor:
        """The actor of somebody of the cast, as if signed in; facts of this moment."""
        return Actor.for_user(User.objects.get(pk=getattr(self, name).pk))


def invited(user: User, scope: Any = None, **values: Any) -> tuple[Invitation, str]:
    """An invitation of somebody, and the secret of its link."""
    secret = f"inv_{uuid.uuid4().hex}"
    values = {"digest": digest(secret), "expires_at": timezone.now() + timedelta(days=1), **places_of(scope), **values}
    return Invitation.objects.create(user=user, **values), secret


def build() -> World:
    """Make the world. Slow, so once a session."""
    people = {
        "proxy_admin": UserFactory(email="root@example.com", platform_role="proxy_admin"),
        "auditor": UserFactory(email="auditor@example.com", platform_role="proxy_admin_viewer"),
        "loner": UserFactory(email="loner@example.com"),
        "viewer": UserFactory(email="viewer@example.com", platform_role="internal_user_viewer"),
    }
    here, there = side("acme"), side("globex")
    people["stranger"] = there.people["org_admin"]
    for name in ("proxy_admin", "auditor", "loner", "viewer"):
        here.keys[f"{name}_personal"] = KeyFactory(user=people[name], alias=f"{name}-personal")
    everybody = {**people, **here.people, **{f"there_{name}": user for name, user in there.people.items()}}
    secrets = {name: KeyFactory(user=user).secret for name, user in everybody.items()}
    return World(here, there, people, secrets, catalog(here, there))


def catalog(here: Side, there: Side) -> dict[str, Any]:
    """Models of the platform, of which organizations may use but two, models that teams brought, and a group."""
    made: dict[str, Any] = {name: CatalogModel.objects.create(name=name) for name in ("gpt-4o", "claude", "o3")}
    for side, where in ((here, "here"), (there, "there")):
        for name in ("team", "granted_team", "other_team"):
            team = getattr(side, name)
            model = CatalogModel.objects.create(name=f"{team.alias} llama", team=team, organization=side.organization)
            made[f"{where}_{name}"] = model
    made["fast"] = ModelAccessGroup.objects.create(name="fast", models=["claude"])
    made["budget"] = Budget.objects.create(public_id="standard", max_budget=5 * 10**9, budget_duration="30d")
    made["customer"] = Customer.objects.create(public_id="shopper", name="Shopper", rpm_limit=60)
    return made


def side(name: str) -> Side:
    """One organization named `name`."""
    organization = OrganizationFactory(alias=name, max_budget=1000 * 10**9, models=["gpt-4", "gpt-4o", "claude"])
    team = TeamFactory(alias=f"{name} core", organization=organization, max_budget=100 * 10**9, rpm_limit=100)
    granted_team = TeamFactory(
        alias=f"{name} trusted", organization=organization, max_budget=100 * 10**9, rpm_limit=100
    )
    other_team = TeamFactory(alias=f"{name} sibling", organization=organization)
    project = ProjectFactory(alias=f"{name} research", organization=organization, max_budget=100 * 10**9, rpm_limit=100)
    other_project = ProjectFactory(alias=f"{name} archive", organization=organization)
    made = Side(organization, team, granted_team, other_team, project, other_project)
    grants.set_for(team, team.group, DEFAULT_PERMISSIONS)
    grants.set_for(other_team, other_team.group, DEFAULT_PERMISSIONS)
    grants.set_for(granted_team, granted_team.group, MEMBER_ACTIONS)

    def person(role: str, *places: tuple[Any, str], **values: Any) -> User:
        user = UserFactory(email=f"{role.replace('_', '-')}@{name}.example.com", **values)
        for scope, held in places:
            join(user, scope, held)
        made.people[role] = user
        return user

    person("org_admin", (organization, "org_admin"))
    person("reader", (organization, "internal_user"))
    person("team_admin", (team, "admin"))
    person("second_team_admin", (team, "admin"))
    person("member", (team, "user"))
    person("colleague", (team, "user"))
    person("granted", (granted_team, "user"))
    person("granted_colleague", (granted_team, "user"))
    person("project_owner", (project, "owner"))
    person("project_member", (project, "member"))
    person("project_colleague", (project, "member"))
    person("outsider", (other_team, "user"))  # same organization, no team of the others
    for role, user in made.people.items():
        made.keys[f"{role}_personal"] = KeyFactory(user=user, organization=organization, alias=f"{role}-personal")
    for role, scope in (
        ("team_admin", team),
        ("member", team),
        ("colleague", team),
        ("granted", granted_team),
        ("granted_colleague", granted_team),
        ("outsider", other_team),
    ):
        made.keys[f"{role}_team"] = KeyFactory(
            user=made.people[role], team=scope, organization=organization, alias=f"{role}-team"
        )
    for role in ("project_owner", "project_member", "project_colleague"):
        made.keys[f"{role}_project"] = KeyFactory(
            user=made.people[role], project=project, organization=organization, alias=f"{role}-project"
        )
    made.keys["team_service"] = service_key(team=team, alias="team-robot")
    made.keys["granted_service"] = service_key(team=granted_team, alias="granted-robot")
    made.keys["project_service"] = service_key(project=project, alias="project-robot")
    return made
