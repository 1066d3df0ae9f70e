"""What one would tidy up: keys that nobody uses, limits that contradict each other, places with one admin."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import limits, policy
from rbacadmin.changes import parent, values_of
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.roles import LEADING_PLATFORM_ROLE, LEADING_ROLE
from teams.models import Membership, Team, User

SHOWN = 20
LOOKED_AT = 500  # scopes whose limits are compared: this is no report, but what to mend next
UNUSED = timedelta(days=90)
YOUNG = timedelta(days=14)


@dataclass(frozen=True)
class Row:
    """One thing to mend: what it is, what is wrong with it, and where that is mended."""

    label: str
    text: str
    url: str


@dataclass(frozen=True)
class Finding:
    """What one check found: the first rows, and how many there are in all."""

    title: Any
    hint: Any
    button: Any
    rows: Sequence[Row]
    total: int


@dataclass(frozen=True)
class Check:
    """One thing to look for. `find` gives rows and their number, as far as the actor may mend or see them."""

    title: Any
    hint: Any
    button: Any
    find: Callable[[Actor], tuple[list[Row], int]]


def findings(actor: Actor) -> list[Finding]:
    """What every check found, those that found nothing left out. A constant number of queries."""
    found = [(check, *check.find(actor)) for check in CHECKS]
    return [Finding(check.title, check.hint, check.button, rows, total) for check, rows, total in found if total]


def listed(actor: Actor, action: Action, rows: QuerySet[Any], row_of: Callable[[Any], Row]) -> tuple[list[Row], int]:
    """The first of what is visible, and how many there are."""
    seen = policy.visible(actor, action, rows)
    return [row_of(row) for row in seen.order_by("created_at", "pk")[:SHOWN]], policy.count(seen)


def unused_keys(actor: Actor) -> tuple[list[Row], int]:
    now = timezone.now()
    idle = Q(last_used_at__lt=now - UNUSED) | Q(last_used_at=None, created_at__lt=now - YOUNG)
    live = Q(blocked_by="") & (Q(expires_at=None) | Q(expires_at__gt=now))
    return listed(actor, Action.DELETE_KEYS, Key.objects.filter(idle & live), unused)


def unused(key: Key) -> Row:
    text = _("last used %(day)s") % {"day": key.last_used_at.date()} if key.last_used_at else _("never used")
    return Row(key.label, text, reverse("key-delete", args=(key.pk,)))


def endless_keys(actor: Actor) -> tuple[list[Row], int]:
    rows = Key.objects.filter(expires_at=None, blocked_by="").exclude(kind=Key.Kind.GATEWAY)
    return listed(
        actor,
        Action.UPDATE_KEYS,
        rows,
        lambda key: Row(key.label, _("never expires"), reverse("key-edit", args=(key.pk,))),
    )


def lonely_organizations(actor: Actor) -> tuple[list[Row], int]:
    """Organizations with one admin: when that person leaves, nobody can act there."""
    leads = Q(memberships__role=LEADING_ROLE["organization"], memberships__user__blocked_by="")
    lasting = Q(memberships__expires_at=None) | Q(memberships__expires_at__gt=timezone.now())
    counted = Organization.objects.annotate(leaders=Count("memberships", filter=leads & lasting))
    return listed(
        actor,
        Action.MANAGE_MEMBERS,
        counted.filter(leaders=1),
        lambda one: Row(one.label, _("has one admin"), reverse("organization-members", args=(one.pk,))),
    )


def single_factor_admins(actor: Actor) -> tuple[list[Row], int]:
    """Admins who sign in with a password alone; told to those who can end their sessions, and to themselves."""
    leads = Membership.objects.filter(unexpired(), user=OuterRef("pk"), role__in=LEADING_ROLE.values())
    leading = Q(platform_role=LEADING_PLATFORM_ROLE) | Q(Exists(leads))
    secured = Authenticator.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(leading, kind=User.Kind.PERSON, blocked_by="").exclude(Exists(secured))
    mine = Q(pk=actor.user_id) if actor.user_id else Q(pk__in=[])
    seen = people.filter(Q(pk__in=policy.visible(actor, Action.REVOKE_SESSIONS, people).values("pk")) | mine)
    rows = [
        Row(
            person.label,
            _("no second factor"),
            reverse("mfa_index") if person.pk == actor.user_id else reverse("person-detail", args=(person.pk,)),
        )
        for person in seen.order_by("email", "pk")[:SHOWN]
    ]
    return rows, policy.count(seen)


def contradictions(actor: Actor) -> tuple[list[Row], int]:
    """Teams and projects that were given what their organization no longer has (rulebook 14): nobody has it."""
    rows = [row for model, action in MENDED for row in beyond(actor, model, action)]
    return rows[:SHOWN], len(rows)


MENDED: tuple[tuple[Any, Action], ...] = ((Team, Action.LOWER_TEAM_LIMITS), (Project, Action.LOWER_PROJECT_LIMITS))


def beyond(actor: Actor, model: Any, action: Action) -> Iterator[Row]:
    scopes = policy.visible(actor, action, model.objects.select_related("organization")).order_by("created_at", "pk")
    for scope in scopes[:LOOKED_AT]:
        for message in limits.above_parent(values_of(scope), parent(scope.organization)).values():
            yield Row(scope.label, message, reverse(f"{scope.kind}-edit", args=(scope.pk,)))


CHECKS = (
    Check(
        gettext_lazy("Limits that contradict each other"),
        gettext_lazy("The level above does not have what this one was given, so nobody has it."),
        gettext_lazy("Mend"),
        contradictions,
    ),
    Check(
        gettext_lazy("Organizations with one admin"),
        gettext_lazy("When that person is away, nobody can act. Appoint a second one."),
        gettext_lazy("Appoint"),
        lonely_organizations,
    ),
    Check(
        gettext_lazy("Admins without a second factor"),
        gettext_lazy("A password alone opens everything that they look after."),
        gettext_lazy("Open"),
        single_factor_admins,
    ),
    Check(
        gettext_lazy("Keys that nobody uses"),
        gettext_lazy("Not used for 90 days, or never. A key that is gone cannot be stolen."),
        gettext_lazy("Delete"),
        unused_keys,
    ),
    Check(
        gettext_lazy("Keys that never expire"),
        gettext_lazy("Give them an end; a new secret can be made at any time."),
        gettext_lazy("Set an end"),
        endless_keys,
    ),
)
