"""Who asks. An Actor is a value: view-as, previews and tests are `dataclasses.replace` on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from rbacadmin.policy.actions import Action
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.ends import reaches
from rbacadmin.policy.held import Held
from rbacadmin.policy.roles import PLATFORM_BY_ROLE, ROLES

if TYPE_CHECKING:
    from keys.models import Key
    from teams.models import User

T = TypeVar("T")


@dataclass(frozen=True)
class Origin:
    """Through which door and from where a request came; goes into the audit row."""

    door: str = "shell"
    ip: str | None = None
    request_id: str = ""


@dataclass(frozen=True)
class Actor:
    """The facts that a decision needs, each read once: 1 query for roles, and at most 3 for grants when asked for."""

    principal: str
    label: str = ""
    platform_role: str = ""
    active: bool = True
    roles: Mapping[ScopeKey, str] = field(default_factory=dict)
    grants: Mapping[ScopeKey, frozenset[Action]] = field(default_factory=dict)
    ends: Mapping[ScopeKey, datetime] = field(default_factory=dict)  # of the roles that are held until a moment only
    actions_cap: frozenset[Action] | None = None
    reach: frozenset[ScopeKey] | None = None
    token_role: str = ""  # what the roles of a token stand for; it narrows, as its person's own does
    routes: tuple[tuple[str, ...], ...] = ()  # lists of which each must cover the route that is called
    user: "User | None" = field(default=None, compare=False, repr=False)
    key: "Key | None" = field(default=None, compare=False, repr=False)
    origin: Origin = field(default=Origin(), compare=False)
    # what upper apps have read for these facts; a narrowed or fresh copy starts anew
    facts: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    # who was read with this one, so that upper apps read for all of them at once
    beside: "list[Actor]" = field(default_factory=list, init=False, compare=False, repr=False)

    @property
    def user_id(self) -> UUID | None:
        return self.user.pk if self.user else None

    @property
    def key_id(self) -> UUID | None:
        return self.key.pk if self.key else None

    @classmethod
    def master(cls, origin: Origin = Origin()) -> Self:
        """The master key: a proxy admin without a row, who counts for no guard."""
        return cls("master", label="default_user_id", platform_role="proxy_admin", origin=origin)

    @classmethod
    def nobody(cls, origin: Origin = Origin()) -> Self:
        """Nobody in particular, who may do nothing."""
        return cls("anonymous", label="anonymous", active=False, origin=origin)

    @classmethod
    def for_user(cls, user: "User", origin: Origin = Origin()) -> Self:
        """A person with all their roles and grants of this moment."""
        return cls.for_people([user], origin)[0]

    @classmethod
    def for_people(cls, users: "Iterable[User]", origin: Origin = Origin()) -> list[Self]:
        """Each person as `for_user` makes them. As many queries for all as for one."""
        people = list(users)
        found = memberships(user.pk for user in people)
        held = Held.together(found[user.pk].groups for user in people)
        actors = [
            cls(
                f"user:{user.pk}",
                label=user.label,
                platform_role=user.platform_role,
                active=user.is_active,
                roles=found[user.pk].roles,
                grants=granted,
                ends=found[user.pk].ends,
                user=user,
                origin=origin,
            )
            for user, granted in zip(people, held, strict=True)
        ]
        for actor in actors if len(actors) > 1 else ():
            actor.beside.extend(actors)
        return actors

    @classmethod
    def for_key(cls, key: "Key", origin: Origin = Origin()) -> Self:
        """A virtual key: its owner's rights of this moment within its reach, or a service key's own."""
        reach = key.reach()
        if key.user and key.user.kind == "person":
            actor = cls.for_user(key.user, origin)
        else:
            roles = {scope: "service" for scope in reach or () if "service" in ROLES[scope[0]]}
            actor = cls("", platform_role=key.platform_role, roles=roles, origin=origin)
        return replace(
            actor,
            principal=f"key:{key.pk}",
            label=f"{actor.label or 'service account'} ({key.name})",
            active=actor.active and (key.user is None or key.user.is_active) and key.is_live(timezone.now()),
            actions_cap=None if key.actions is None else frozenset(map(Action, key.actions)),
            reach=reach,
            key=key,
        )

    @classmethod
    def for_claims(
        cls, role: str, *, user: "User | None" = None, team_id: UUID | None = None, origin: Origin = Origin()
    ) -> Self:
        """Verified JWT claims (seed 002): a known user, a `team` without a user, or a `customer` with nothing."""
        if user is not None:
            return cls.for_user(user, origin)
        if role == "team" and team_id:
            scope = ("team", team_id)
            return cls(
                f"jwt:team:{team_id}",
                label="team token",
                roles={scope: "token"},
                reach=frozenset({scope}),
                origin=origin,
            )
        if role == "customer":
            return cls("jwt:customer", label="customer token", reach=frozenset(), origin=origin)
        return cls.nobody(origin)

    def reread(self) -> "Actor":
        """The same principal with the facts of this moment; asked for after locks are taken.

        Who was narrowed (a preview, a role's configured permissions) stays as narrow.
        """
        if self.key is not None:
            key = type(self.key)._default_manager.select_related("user").filter(pk=self.key.pk).first()
            fresh = type(self).for_key(key, self.origin) if key else None
        elif self.user is not None:
            user = get_user_model()._default_manager.filter(pk=self.user.pk).first()
            fresh = type(self).for_user(user, self.origin) if user else None
        else:
            return self
        if fresh is None:
            return replace(self, active=False)
        cap, reach = narrower(self.actions_cap, fresh.actions_cap), narrower(self.reach, fresh.reach)
        return replace(fresh, actions_cap=cap, reach=reach, routes=self.routes, token_role=self.token_role)

    def at(self, moment: datetime | None) -> "Actor":
        """The same actor with only what they still hold by then; None is for ever. The caps of now stay."""
        kept = {scope: role for scope, role in self.roles.items() if reaches(self.ends.get(scope), moment)}
        held = self.grants.at(moment) if isinstance(self.grants, Held) else self.grants
        return replace(self, roles=kept, grants=held)

    def moments(self) -> set[datetime]:
        """When something of what they hold ends by itself, as far as it was asked for."""
        later = self.grants.moments() if isinstance(self.grants, Held) else set()
        return {*self.ends.values(), *later}

    def end_of(self, kind: str, name: str, scope: ScopeKey) -> datetime | None:
        """When the role, or the grant of the action `name`, on the scope ends by itself; None is never."""
        if kind == "role":
            return self.ends.get(scope)
        return self.grants.lasting.get((scope, Action(name))) if isinstance(self.grants, Held) else None

    def scope_ids(self, kind: str, action: Action) -> set[UUID]:
        """The scopes of one kind on which a role or a grant gives the action."""
        held = {pk for (k, pk), role in self.roles.items() if k == kind and action in ROLES[kind][role]}
        return held | {pk for (k, pk), actions in self.grants.items() if k == kind and action in actions}

    def platform_roles_of(self, action: Action) -> list[tuple[str, ScopeKey]]:
        """Scoped roles that bring this action to the whole platform."""
        return [
            (role, scope) for scope, role in self.roles.items() if action in PLATFORM_BY_ROLE.get((*scope, role), ())
        ]


def narrower(one: frozenset[T] | None, other: frozenset[T] | None) -> frozenset[T] | None:
    """What both allow; None allows everything."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def scope_of(organization_id: UUID | None, team_id: UUID | None, project_id: UUID | None) -> ScopeKey:
    """The innermost scope that the three columns of a membership name."""
    if project_id:
        return "project", project_id
    if team_id:
        return "team", team_id
    assert organization_id, "a membership without a scope"
    return "organization", organization_id


def unexpired(via: str = "") -> Q:
    """Rows whose `expires_at` has not come; or, `via` a relation (`memberships__`), that of those."""
    return Q(**{f"{via}expires_at__isnull": True}) | Q(**{f"{via}expires_at__gt": timezone.now()})


class Belonging(NamedTuple):
    """The roles of a person by scope with their ends, and the groups through which they hold grants with theirs."""

    roles: dict[ScopeKey, str]
    groups: dict[int, datetime | None]
    ends: dict[ScopeKey, datetime]


def memberships(user_ids: Iterable[UUID]) -> dict[UUID, Belonging]:
    """Where each person belongs. One query."""
    found = {pk: Belonging({}, {}, {}) for pk in user_ids}
    rows = get_user_model().groups.through._default_manager.filter(unexpired(), user_id__in=found)
    for user_id, organization_id, team_id, project_id, role, group_id, end in rows.values_list(
        "user_id", "organization_id", "team_id", "project_id", "role", "group_id", "expires_at"
    ):
        roles, groups, ends = found[user_id]
        scope = scope_of(organization_id, team_id, project_id)
        roles[scope], groups[group_id] = role, end
        if end is not None:
            ends[scope] = end
    return found
