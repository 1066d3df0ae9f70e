"""What people may do with what is theirs. Each bundle says it three ways, side by side: check, list, reverse."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, Model, OuterRef, Q

from rbacadmin.policy import grants
from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor, unexpired
from rbacadmin.policy.roles import (
    KEY_READS,
    OWNER_BOUND,
    OWNER_PERSONAL,
    OWNER_PROJECT,
    PLATFORM_ROLES,
    SELF_BY_ROLE,
    Bundle,
)

NOT_THERE = 404


@dataclass(frozen=True)
class Ownership:
    """One way to own a row. `bundle` gives the actions by platform role; the other three must say the same.

    `where` is None when there is nothing that the actor could own.
    """

    name: str
    bundle: Callable[[str], Bundle]
    owns: Callable[[Actor, Any], bool]
    where: Callable[[Actor], Q | None]
    people: Callable[[Any], Q] | None = None  # None: only keys own this way, never people
    within_reach: bool = False  # it counts the reach of a key itself, so its rows may stand in no scope

    def roles(self, action: Action) -> list[str]:
        """The platform roles for which this ownership carries the action."""
        return [role for role in PLATFORM_ROLES if action in self.bundle(role)]


def always(bundle: Bundle) -> Callable[[str], Bundle]:
    return lambda _role: bundle


def owner_only(column: str, bundle: Bundle) -> tuple[Ownership, ...]:
    """Rows that name their person in one column."""
    return (
        Ownership(
            "owner",
            always(bundle),
            owns=lambda actor, obj: actor.user is not None and getattr(obj, column) == actor.user.pk,
            where=lambda actor: Q(**{column: actor.user.pk}) if actor.user else None,
            people=lambda obj: Q(pk=getattr(obj, column)),
        ),
    )


# What was refused as "not there" would tell whoever tried it that it is there: they do not see that record themselves.
OWN_ACTS = (
    Ownership(
        "own act",
        always(frozenset({Action.VIEW_AUDIT})),
        owns=lambda actor, event: (
            actor.user is not None and event.actor_user_id == actor.user.pk and event.status != NOT_THERE
        ),
        where=lambda actor: Q(actor_user_id=actor.user.pk) & ~Q(status=NOT_THERE) if actor.user else None,
        people=lambda event: Q(pk=event.actor_user_id) if event.status != NOT_THERE else Q(pk__in=[]),
    ),
)


def in_project(project_id: Any) -> Q:
    """People with a live membership in the project, and those with whom it is shared for making keys of their own."""
    through = get_user_model().groups.through
    here = Q(project_id=project_id)
    if (groups := grants.groups_granted(Action.CREATE_KEYS, [("project", project_id)])) is not None:
        here |= Q(group_id__in=groups)
    return Q(Exists(through._default_manager.filter(unexpired(), here, user_id=OuterRef("pk"))))


def mine(actor: Actor, **where: Any) -> Q | None:
    """The actor's own keys of which this holds too."""
    return Q(user_id=actor.user.pk, **where) if actor.user else None


def mine_in_projects(actor: Actor) -> Q | None:
    found = my_projects(actor)
    return mine(actor, team_id__isnull=True, project_id__in=found) if found else None


def my_projects(actor: Actor) -> list[Any]:
    shared = [pk for (kind, pk), actions in actor.grants.items() if kind == "project" and Action.CREATE_KEYS in actions]
    return [*(pk for kind, pk in actor.roles if kind == "project"), *shared]


def makes_keys_in(actor: Actor, project_id: Any) -> bool:
    """Whether the actor belongs to the project, or it is shared with them for making keys of their own."""
    scope = ("project", project_id)
    return scope in actor.roles or Action.CREATE_KEYS in actor.grants.get(scope, ())


def home_of_project(actor: Actor) -> list[Any]:
    """The organization of the project that the asking key is bound to, where the key's owner is a member of it."""
    home = actor.key.organization_id if actor.key is not None and actor.key.project_id else None
    return [home] if home and ("organization", home) in actor.roles else []


KEY_OWNERSHIPS = (
    Ownership(
        "personal key",
        lambda role: OWNER_PERSONAL.get(role, frozenset()),
        owns=lambda actor, key: key.user_id is not None and key.user_id == actor.user_id and key.is_personal,
        where=lambda actor: mine(actor, team_id__isnull=True, project_id__isnull=True),
        people=lambda key: Q(pk=key.user_id) if key.is_personal else Q(pk__in=[]),
    ),
    Ownership(
        "own key in a project",
        always(OWNER_PROJECT),
        owns=lambda actor, key: (
            key.user_id is not None
            and key.user_id == actor.user_id
            and key.team_id is None
            and makes_keys_in(actor, key.project_id)
        ),
        where=mine_in_projects,
        people=lambda key: (
            Q(pk=key.user_id) & in_project(key.project_id) if not key.team_id and key.project_id else Q(pk__in=[])
        ),
    ),
    Ownership(
        "own key",
        always(OWNER_BOUND),
        owns=lambda actor, key: key.user_id is not None and key.user_id == actor.user_id,
        where=mine,
        people=lambda key: Q(pk=key.user_id),
    ),
    Ownership(
        "the key itself",
        always(KEY_READS | {Action.VIEW_SPEND}),
        owns=lambda actor, key: actor.key is not None and actor.key.pk == key.pk,
        where=lambda actor: Q(pk=actor.key.pk) if actor.key else None,
    ),
)
# A project is always said together with its organization (004), so a project's key is told the name of both.
PROJECTS_HOME = (
    Ownership(
        "organization of the key's project",
        always(frozenset({Action.SEE_ORGANIZATIONS})),
        owns=lambda actor, organization: organization.pk in home_of_project(actor),
        where=lambda actor: Q(pk__in=found) if (found := home_of_project(actor)) else None,
        within_reach=True,
    ),
)
SELF = (
    Ownership(
        "oneself",
        lambda role: SELF_BY_ROLE.get(role, frozenset()),
        owns=lambda actor, user: actor.user is not None and actor.user.pk == user.pk,
        where=lambda actor: Q(pk=actor.user.pk) if actor.user else None,
        people=lambda user: Q(pk=user.pk),
    ),
)
# What was one's own stays in one's own list of what is gone. JSON holds the id as text.
OWN_ONCE = (
    Ownership(
        "owner",
        always(frozenset({Action.LIST_KEYS})),
        owns=lambda actor, row: (
            actor.user is not None and row.kind == "key" and row.snapshot.get("user_id") == str(actor.user.pk)
        ),
        where=lambda actor: Q(kind="key", snapshot__user_id=str(actor.user.pk)) if actor.user is not None else None,
    ),
)
OWNERSHIPS: dict[str, tuple[Ownership, ...]] = {
    "keys.Key": KEY_OWNERSHIPS,
    "orgs.Organization": PROJECTS_HOME,
    "teams.User": SELF,
    "teams.Membership": owner_only("user_id", frozenset({Action.VIEW_MEMBERS})),
    "teams.Invitation": owner_only("user_id", frozenset({Action.VIEW_INVITATIONS})),
    "rbacadmin.AuditEvent": OWN_ACTS,
    "rbacadmin.Archived": OWN_ONCE,
}


def own(label: str, *ways: Ownership) -> None:
    """Let an upper app say how the rows of its model are owned; called once, in `ready()`."""
    OWNERSHIPS[label] = ways


def ownerships(model: type[Model], action: Action, role: str | None = None) -> list[Ownership]:
    """The ways of owning a row of this model that carry the action (for this platform role, when one is given)."""
    known = OWNERSHIPS.get(model._meta.label, ())
    if role is None:
        return [o for o in known if o.roles(action)]
    return [o for o in known if action in o.bundle(role)]
