"""Generated worlds: organizations, teams, projects, people, memberships, grants and keys in any arrangement.

Nothing here goes through services, so worlds also hold what services would refuse (a team member who is not in the
organization, a key of somebody who left). The laws of the engine hold for those too.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from hypothesis import strategies as st

from gateway.models import CatalogModel, ModelAccessGroup
from keys.models import Key
from orgs.models import Organization, OrganizationGrant, Project, ProjectGrant
from rbacadmin.models import AuditEvent
from rbacadmin.policy import INITIAL_ORGANIZATION, PLATFORM_ROLES, SCOPED_ROLES, Action, Actor
from rbacadmin.policy.roles import GRANTABLE
from teams.models import Invitation, Membership, Team, TeamGrant, User

GRANTS = {"organization": OrganizationGrant, "project": ProjectGrant, "team": TeamGrant}
IDS = random.Random()
GROUPS = {"some": ["gpt-4"], "most": ["openai/*", "gpt-4"], "none": []}
CATALOG = ("gpt-4", "openai/x", "openai/*")
ENDS = {"never": None, "later": timedelta(hours=1), "over": timedelta(hours=-1)}

index = st.integers(0, 7)  # picks by remainder, so every draw fits every world
maybe = st.none() | index
ends = st.sampled_from(["never", "never", "later", "over"])
people = st.fixed_dictionaries(
    {
        "platform_role": st.sampled_from(["internal_user", "internal_user", *PLATFORM_ROLES]),
        "blocked_by": st.sampled_from(["", "", "", "platform"]),
    }
)
actions = st.sampled_from(list(Action))
entries = st.sampled_from([*CATALOG, *GROUPS, "openai/y", "*", "no-default-models", "all-team-models"])
allowed = st.none() | st.none() | st.lists(entries, max_size=3)  # a list of models, as any level may have one
caps = st.none() | st.none() | st.sets(actions, max_size=20)


@dataclass(frozen=True)
class Plan:
    """A world as plain numbers: small to draw, and small to read when a law fails."""

    initial: bool
    teams: list[int | None]  # the organization of each
    projects: list[int]
    people: list[dict[str, Any]]
    memberships: list[tuple[int, int, int, str]]  # person, scope, role, end
    grants: list[tuple[int, int, int, str]]  # group of a scope, scope, action, end
    keys: list[dict[str, Any]]
    models: list[list[str] | None]  # what the levels allow, in turn


plans = st.builds(
    Plan,
    initial=st.booleans(),
    teams=st.lists(maybe, min_size=1, max_size=4),
    projects=st.lists(index, min_size=1, max_size=3),
    people=st.lists(people, min_size=4, max_size=7),
    memberships=st.lists(st.tuples(index, st.integers(0, 15), index, ends), min_size=6, max_size=16),
    grants=st.lists(
        st.tuples(st.integers(0, 15), st.integers(0, 15), st.integers(0, 40), ends), min_size=6, max_size=16
    ),
    keys=st.lists(
        st.fixed_dictionaries(
            {
                "owner": maybe,
                "kind": st.sampled_from(["personal", "personal", "personal", "service", "gateway"]),
                "organization": maybe,
                "team": maybe,
                "project": maybe,
                "end": ends,
                "blocked_by": st.sampled_from(["", "", "", "owner"]),
                "actions": caps,
            }
        ),
        min_size=3,
        max_size=8,
    ),
    models=st.lists(allowed, min_size=7, max_size=7),
)


@dataclass
class Generated:
    """The rows of a world, and everybody who can ask in it."""

    scopes: list[Any] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)

    @property
    def rows(self) -> list[Any]:
        accounts = {key.user for key in self.keys if key.user and key.user.kind == "service"}
        return [*self.scopes, *self.people, *accounts, *self.memberships, *self.keys, *self.others]

    @property
    def by_model(self) -> dict[type[Model], list[Any]]:
        found: dict[type[Model], list[Any]] = {}
        for row in self.rows:
            found.setdefault(type(row), []).append(row)
        return found

    def actors(self) -> list[Actor]:
        """People, keys, tokens, and one who is held to less than they have."""
        teams = [scope for scope in self.scopes if isinstance(scope, Team)]
        found = [Actor.for_user(person) for person in self.people]
        found += [Actor.for_key(Key.objects.select_related("user").get(pk=key.pk)) for key in self.keys]
        found += [Actor.for_claims("team", team_id=team.pk) for team in teams[:1]]
        found.append(replace(found[0], reach=frozenset({("team", teams[0].pk)})))
        return [*found, Actor.for_claims("customer"), Actor.master()]


@contextmanager
def world(plan: Plan) -> Iterator[Generated]:
    """The world of a plan, gone again afterwards."""
    with transaction.atomic():
        yield build(plan)
        transaction.set_rollback(True)


def new_id() -> UUID:
    """The next id. A plan gives the same world every time, ids included, because they decide the order of rows."""
    return UUID(int=IDS.getrandbits(128), version=4)


def build(plan: Plan) -> Generated:
    """Make the rows, in bulk where it matters."""
    IDS.seed(0)
    made = Generated()
    organizations = [Organization(id=INITIAL_ORGANIZATION if plan.initial else new_id()), Organization(id=new_id())]
    teams = [Team(id=new_id(), organization=None if i is None else pick(organizations, i)) for i in plan.teams]
    projects = [Project(id=new_id(), organization=pick(organizations, i)) for i in plan.projects]
    made.scopes = [*organizations, *teams, *projects]
    for number, scope in enumerate(made.scopes):
        scope.alias = f"generated {scope.pk}"
        scope.models = pick(plan.models, number)
        scope.save()
    made.people = [
        User(id=(pk := new_id()), public_id=str(pk), models=pick(plan.models, number + 2), **values)
        for number, values in enumerate(plan.people)
    ]
    User.objects.bulk_create(made.people)
    made.memberships = memberships(plan, made)
    Membership.objects.bulk_create(made.memberships)
    for grant in plan.grants:
        add_grant(made.scopes, *grant)
    made.keys = [
        key({**values, "models": pick(plan.models, number)}, made.people, organizations, teams, projects)
        for number, values in enumerate(plan.keys)
    ]
    made.others = others(made)
    return made


def pick(rows: list[Any], number: int) -> Any:
    return rows[number % len(rows)]


def end(name: str) -> Any:
    span = ENDS[name]
    return None if span is None else timezone.now() + span


def ids_of(scope: Any) -> dict[str, Any]:
    return {f"{kind}_id": getattr(scope, column) for kind, column in scope.scope_columns.items()}


def memberships(plan: Plan, made: Generated) -> list[Membership]:
    found: dict[tuple[Any, int], Membership] = {}
    for person, place, role, until in plan.memberships:
        user, scope = pick(made.people, person), pick(made.scopes, place)
        found[user.pk, scope.group_id] = Membership(
            id=(pk := new_id()),
            public_id=str(pk),
            user=user,
            group=scope.group,
            role=pick(list(SCOPED_ROLES[scope.kind]), role),
            expires_at=end(until),
            models=pick(plan.models, len(found)),
            **ids_of(scope),
        )
    return list(found.values())


def add_grant(scopes: list[Any], holder: int, place: int, what: int, until: str) -> None:
    scope = pick(scopes, place)
    action = pick(list(GRANTABLE[scope.kind]), what)
    permission = Permission.objects.get(content_type__model=scope.kind, codename=action.value)
    GRANTS[scope.kind].objects.update_or_create(
        group=pick(scopes, holder).group,
        permission=permission,
        content_object=scope,
        defaults={"expires_at": end(until)},
    )


def key(values: dict[str, Any], owners: list[User], *places: list[Any]) -> Key:
    """A key somewhere. A service key gets an account; a team or project brings its organization along."""
    chosen = {
        kind: None if values[kind] is None else pick(rows, values[kind])
        for kind, rows in zip(("organization", "team", "project"), places, strict=True)
    }
    bound = chosen["team"] or chosen["project"]
    if bound:
        chosen["organization"] = bound.organization
    owner = None if values["owner"] is None else pick(owners, values["owner"])
    if values["kind"] == "service":
        owner = User.objects.create(id=new_id(), kind="service", name="robot")
    elif values["kind"] == "gateway":
        owner, chosen = None, {}
    capped = None if values["actions"] is None else sorted(action.value for action in values["actions"])
    return Key.objects.create(
        id=(pk := new_id()),
        token=pk.hex,
        hint="",
        user=owner,
        kind=values["kind"],
        expires_at=end(values["end"]),
        blocked_by=values["blocked_by"],
        actions=capped,
        models=values["models"],
        **chosen,
    )


def others(made: Generated) -> list[Any]:
    """Models, an invitation and a line of the record in the first scopes and in none; the access groups."""
    found: list[Any] = []
    for number, scope in enumerate([None, *made.scopes[:5]]):
        ids = {} if scope is None else ids_of(scope)
        user = pick(made.people, number)
        for name in CATALOG if number < 3 else CATALOG[:1]:
            found.append(CatalogModel.objects.create(id=new_id(), name=name, **ids))
        found.append(Invitation.objects.create(id=new_id(), user=user, expires_at=timezone.now(), **ids))
        found.append(
            AuditEvent.objects.create(
                id=new_id(), event="x.y", principal="p", actor_label="p", door="test", actor_user_id=user.pk, **ids
            )
        )
    for name, models in GROUPS.items():
        found.append(ModelAccessGroup.objects.create(id=new_id(), name=name, models=models))
    return found
