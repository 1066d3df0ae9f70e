"""Plots: generated sequences of what people do with what they hold until a moment, and with what they get by it."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from keys.admin_keys import generate_admin_key
from keys.models import Key
from keys.moves import move_key
from keys.rotation import regenerate_key
from keys.service_accounts import add_service_key
from keys.services import generate_key, generate_service_key, update_key
from orgs.models import Organization, Project
from orgs.services import create_organization, create_project
from rbacadmin import policy
from rbacadmin.errors import Refused
from rbacadmin.policy import INITIAL_ORGANIZATION, SCOPED_ROLES, Action, Actor
from rbacadmin.policy.roles import GRANTABLE, MEMBER_ACTIONS
from teams import services
from teams.models import Membership, Team, User
from teams.services.invitations import invitation_of
from tests.factories import OrganizationFactory, join
from tests.world import World

STEPS = 40
SCOPES = (Organization, Project, Team)
SPANS = (None, timedelta(hours=-1), timedelta(0), timedelta(seconds=1), timedelta(days=400))  # after the end, or never


@dataclass
class Plot:
    """One generated sequence: who asks, until when the first of them holds something, and what they got."""

    cast: World
    chance: random.Random
    end: datetime
    people: list[User]
    keys: list[tuple[User, Key]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    became: list[tuple[User, User]] = field(default_factory=list)  # who had a link, and who it would make them
    done: Counter[str] = field(default_factory=Counter)

    def one(self, rows: Any) -> Any:
        """One of the rows at random, the same ones every time."""
        return self.chance.choice(sorted(rows, key=str))

    def ending(self) -> dict[str, Any]:
        """An end to ask for, or none to be said."""
        if self.chance.random() < 0.4:
            return {}
        span = self.chance.choice(SPANS)
        return {"expires_at": None if span is None else self.end + span}

    def near(self, asker: Actor, action: Action, rows: Any) -> Any:
        """Mostly one of the rows on which the asker can do this: who is refused everything proves nothing."""
        return self.one(policy.visible(asker, action, rows) if self.chance.random() < 0.9 else rows)

    def scope(self, asker: Actor) -> Any:
        """A scope of which the asker mostly manages the members."""
        found = [row for row in scopes() if policy.can(asker, Action.MANAGE_MEMBERS, row)]
        return self.one(found if found and self.chance.random() < 0.9 else scopes())

    def person(self) -> User:
        return self.chance.choice([*self.people, self.cast.outsider, self.cast.colleague])

    def own(self, made: tuple[Key, str], asker: Actor) -> None:
        assert asker.user is not None
        self.keys.append((asker.user, made[0]))


def home(plot: Plot, asker: Actor, action: Action = Action.CREATE_KEYS) -> dict[str, Any]:
    """Where a key is to live."""
    found = [row for row in scopes() if policy.can(asker, action, row)]
    scope = plot.one(found if found and plot.chance.random() < 0.9 else scopes())
    return {scope.kind: scope}


def add(plot: Plot, asker: Actor) -> None:
    scope = plot.scope(asker)
    named = plot.chance.choice([plot.person().email, f"new{plot.chance.randrange(3)}@example.com"])
    services.add_member(asker, scope, person=named, role=plot.one(SCOPED_ROLES[scope.kind]), **plot.ending())


def change(plot: Plot, asker: Actor) -> None:
    row = plot.near(asker, Action.MANAGE_MEMBERS, Membership.objects.all())
    role = {"role": plot.one(SCOPED_ROLES[row.scope_key[0]])} if plot.chance.random() < 0.6 else {}
    services.change_member(asker, row, **role, **plot.ending())


def change_own(plot: Plot, asker: Actor) -> None:
    row = plot.one(Membership.objects.filter(user__in=plot.people))
    services.change_member(asker, row, expires_at=plot.ending().get("expires_at"))


def bring(plot: Plot, asker: Actor) -> None:
    team = plot.near(asker, Action.MANAGE_MEMBERS, Team.objects.exclude(organization=None))
    role = plot.one(SCOPED_ROLES["organization"])
    services.bring_person(asker, team.organization, person=plot.person().email or "", role=role, team=team)


def hire(plot: Plot, asker: Actor) -> None:
    email = f"hired{plot.chance.randrange(3)}@example.com"
    services.create_user(
        asker, email=email, organizations=[plot.near(asker, Action.CREATE_PEOPLE, Organization.objects.all())]
    )


def share(plot: Plot, asker: Actor) -> None:
    scope = plot.scope(asker)
    held = [action for action in sorted(GRANTABLE[scope.kind]) if policy.can(asker, action, scope)]
    actions = plot.chance.sample(held, min(len(held), 8))
    services.share_scope(
        asker, scope, team=plot.near(asker, Action.SEE_TEAMS, Team.objects.all()), actions=actions, **plot.ending()
    )


def permit(plot: Plot, asker: Actor) -> None:
    wanted = frozenset(plot.chance.sample(MEMBER_ACTIONS, 6))
    services.set_member_permissions(
        asker, plot.near(asker, Action.CHANGE_TEAM_PERMISSIONS, Team.objects.all()), permissions=wanted
    )


def invite(plot: Plot, asker: Actor) -> None:
    new = User.objects.filter(kind="person", last_login=None, memberships__isnull=False).exclude(email=None)
    person = plot.one(policy.visible(asker, Action.MANAGE_INVITATIONS, new.distinct()))
    plot.links.append(services.create_invitation(asker, person)[1])
    if asker.user is not None and invitation_of(plot.links[-1]) is not None:
        plot.became.append((asker.user, person))


def found_team(plot: Plot, asker: Actor) -> None:
    named = {"alias": f"theirs {plot.chance.random()}", "permissions": frozenset(MEMBER_ACTIONS)}
    services.create_team(asker, plot.near(asker, Action.CREATE_TEAMS, Organization.objects.all()), **named)


def found_project(plot: Plot, asker: Actor) -> None:
    create_project(
        asker,
        plot.near(asker, Action.CREATE_PROJECTS, Organization.objects.all()),
        alias=f"theirs {plot.chance.random()}",
    )


def found_organization(plot: Plot, asker: Actor) -> None:
    create_organization(asker, alias=f"theirs {plot.chance.random()}")


def join_open(plot: Plot, asker: Actor) -> None:
    services.join_team(asker, plot.cast.other_team)


def mint(plot: Plot, asker: Actor) -> None:
    owner = asker.user if plot.chance.random() < 0.5 else plot.person()
    plot.own(generate_key(asker, owner=owner, **home(plot, asker), **plot.ending()), asker)


def mint_service(plot: Plot, asker: Actor) -> None:
    where = home(plot, asker, Action.CREATE_SERVICE_KEYS)
    where.pop("organization", None)
    plot.own(generate_service_key(asker, **where, name="robot", **plot.ending()), asker)


def mint_more(plot: Plot, asker: Actor) -> None:
    rows = Key.objects.filter(kind="service", project__isnull=False)
    key = plot.near(asker, Action.VIEW_KEYS, rows)
    plot.own(add_service_key(asker, key.project, account=key.user, **plot.ending()), asker)


def mint_admin(plot: Plot, asker: Actor) -> None:
    plot.own(
        generate_admin_key(asker, plot.near(asker, Action.MANAGE_MEMBERS, Organization.objects.all()), **plot.ending()),
        asker,
    )


def renew(plot: Plot, asker: Actor) -> None:
    plot.own(regenerate_key(asker, plot.near(asker, Action.REGENERATE_KEYS, Key.objects.all()), **plot.ending()), asker)


def prolong(plot: Plot, asker: Actor) -> None:
    update_key(
        asker, plot.near(asker, Action.UPDATE_KEYS, Key.objects.all()), expires_at=plot.ending().get("expires_at")
    )


def hand_over(plot: Plot, asker: Actor) -> None:
    move_key(asker, plot.near(asker, Action.MOVE_KEYS, Key.objects.all()), user=plot.person())


def put_elsewhere(plot: Plot, asker: Actor) -> None:
    where = home(plot, asker, Action.CREATE_KEYS_FOR_OTHERS)
    where.pop("organization", None)
    move_key(asker, plot.near(asker, Action.MOVE_KEYS, Key.objects.all()), **where)


VERBS: tuple[Callable[[Plot, Actor], None], ...] = (
    *(add, add, change, change, change_own, bring, hire, share, share, permit, invite),
    *(found_team, found_project, found_organization, join_open),
    *(mint, mint, mint_service, mint_more, mint_admin, renew, prolong, hand_over, put_elsewhere),
)


def team_admin(cast: World, end: datetime) -> User:
    Membership.objects.filter(user=cast.team_admin, team=cast.team).update(expires_at=end)
    return cast.team_admin


def project_owner(cast: World, end: datetime) -> User:
    Membership.objects.filter(user=cast.project_owner, project=cast.project).update(expires_at=end)
    return cast.project_owner


def org_admin(cast: World, end: datetime) -> User:
    """Who leads the organization until then, and is in a team for good, as far as the organization keeps them."""
    join(cast.reader, cast.team, "user")
    Membership.objects.filter(user=cast.reader, team=None).update(role="org_admin", expires_at=end)
    return cast.reader


def team_that_shares(cast: World, end: datetime) -> User:
    """A member for good of a team with which everything is shared until then."""
    for scope in (cast.organization, cast.project, cast.granted_team):
        actions = GRANTABLE[scope.kind]
        services.share_scope(cast.actor("org_admin"), scope, team=cast.team, actions=actions, expires_at=end)
    return cast.member


def founder(cast: World, end: datetime) -> User:
    join(cast.loner, OrganizationFactory(id=INITIAL_ORGANIZATION, alias="initial"), "org_admin")
    Membership.objects.filter(user=cast.loner).update(expires_at=end)
    return cast.loner


def scopes() -> list[Any]:
    return [row for model in SCOPES for row in model.objects.order_by("pk")]


def known(person: User) -> Actor:
    return Actor.for_user(User.objects.get(pk=person.pk))


def play(plot: Plot) -> None:
    """The sequence. What is refused is refused; each step is a transaction of its own."""
    for _ in range(STEPS):
        asker = known(plot.chance.choice([*plot.people[:1] * 4, *plot.people]))
        verb = plot.chance.choice(VERBS)
        try:
            with transaction.atomic():
                verb(plot, asker)
        except (Refused, ValidationError):
            plot.done["refused"] += 1
        except IndexError:
            continue  # there was nothing to choose from
        else:
            plot.done[verb.__name__] += 1
