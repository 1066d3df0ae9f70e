"""What one would tidy up: keys that nobody uses, limits that contradict each other, places with one admin."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.hygiene.finding import Check, Row, listed
from dashboard.keys.listing import ending, used
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import limits, policy
from rbacadmin.changes import parent, values_of
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.roles import LEADING_PLATFORM_ROLE, LEADING_ROLE
from rbacadmin.policy.sighted import signing_in
from teams.models import Membership, Team, User

LOOKED_AT = 500  # scopes whose limits are compared: this is no report, but what to mend next


def unused_keys(actor: Actor, most: int) -> tuple[list[Row], int]:
    live = Key.objects.filter(unexpired(), blocked_by="")
    return listed(actor, Action.DELETE_KEYS, Action.VIEW_KEYS, used(live, "idle"), unused, most)


def unused(key: Key) -> Row:
    text = _("last used %(day)s") % {"day": key.last_used_at.date()} if key.last_used_at else _("never used")
    return Row(key.label, text, reverse("key-delete", args=(key.pk,)), (Action.DELETE_KEYS, key))


def endless_keys(actor: Actor, most: int) -> tuple[list[Row], int]:
    rows = ending(Key.objects.filter(blocked_by=""), "never")
    return listed(actor, Action.UPDATE_KEYS, Action.VIEW_KEYS, rows, endless, most)


def endless(key: Key) -> Row:
    return Row(key.label, _("never expires"), reverse("key-edit", args=(key.pk,)), (Action.UPDATE_KEYS, key))


def lonely_organizations(actor: Actor, most: int) -> tuple[list[Row], int]:
    """Organizations with one admin: when that person leaves, nobody can act there."""
    leads = Q(memberships__role=LEADING_ROLE["organization"], memberships__user__blocked_by="")
    counted = Organization.objects.annotate(leaders=Count("memberships", filter=leads & unexpired("memberships__")))
    return listed(actor, Action.MANAGE_MEMBERS, Action.VIEW_MEMBERS, counted.filter(leaders=1), lonely, most)


def lonely(one: Organization) -> Row:
    url = reverse("organization-members", args=(one.pk,))
    return Row(one.label, _("has one admin"), url, (Action.MANAGE_MEMBERS, one))


def single_factor_admins(actor: Actor, most: int) -> tuple[list[Row], int]:
    """Admins who sign in with a password alone."""
    leads = Membership.objects.filter(unexpired(), user=OuterRef("pk"), role__in=LEADING_ROLE.values())
    leading = Q(platform_role=LEADING_PLATFORM_ROLE) | Q(Exists(leads))
    secured = Authenticator.objects.filter(user=OuterRef("pk"))
    people = User.objects.people().filter(leading, blocked_by="").exclude(Exists(secured))
    seen = signing_in(actor, people)
    return [single_factor(actor, person) for person in seen.order_by("email", "pk")[:most]], policy.count(seen)


def single_factor(actor: Actor, person: User) -> Row:
    """The person sets a second factor up; who ends their sessions has something to do about it too."""
    url = reverse("person-detail", args=(person.pk,)) if policy.can(actor, Action.REVOKE_SESSIONS, person) else ""
    url = reverse("mfa_index") if person.pk == actor.user_id else url
    button = _("Set up") if person.pk == actor.user_id else ""
    return Row(person.label, _("no second factor"), url, (Action.CHANGE_PROFILE, person), button=button)


def contradictions(actor: Actor, most: int) -> tuple[list[Row], int]:
    """Teams and projects that were given what their organization no longer has (rulebook 14): nobody has it."""
    rows = [row for model, view, mend in COMPARED for row in beyond(actor, model, view, mend)]
    return sorted(rows, key=lambda row: not row.url)[:most], len(rows)


COMPARED: tuple[tuple[Any, Action, Action], ...] = (
    (Team, Action.VIEW_TEAMS, Action.LOWER_TEAM_LIMITS),
    (Project, Action.VIEW_PROJECTS, Action.LOWER_PROJECT_LIMITS),
)


def beyond(actor: Actor, model: Any, view: Action, mend: Action) -> Iterator[Row]:
    """What stands beyond the organization's limits; those are told to who mends it, or reads them anyway."""
    scopes = policy.visible(actor, view, model.objects.select_related("organization")).order_by("created_at", "pk")
    for scope in scopes[:LOOKED_AT]:
        mends = policy.can(actor, mend, scope)
        if mends or policy.can(actor, Action.VIEW_ORGANIZATIONS, scope.organization):
            url = reverse(f"{scope.kind}-edit", args=(scope.pk,)) if mends else ""
            for message in limits.above_parent(values_of(scope), parent(scope.organization)).values():
                yield Row(scope.label, message, url, (mend, scope))


CHECKS = (
    Check(
        "contradictions",
        gettext_lazy("Limits that contradict each other"),
        gettext_lazy("The level above does not have what this one was given, so nobody has it."),
        gettext_lazy("Mend"),
        contradictions,
    ),
    Check(
        "one-admin",
        gettext_lazy("Organizations with one admin"),
        gettext_lazy("When that person is away, nobody can act. Appoint a second one."),
        gettext_lazy("Appoint"),
        lonely_organizations,
    ),
    Check(
        "no-second-factor",
        gettext_lazy("Admins without a second factor"),
        gettext_lazy("A password alone opens everything that they look after."),
        gettext_lazy("Open"),
        single_factor_admins,
    ),
    Check(
        "unused-keys",
        gettext_lazy("Keys that nobody uses"),
        gettext_lazy("Not used for 90 days, or never. A key that is gone cannot be stolen."),
        gettext_lazy("Delete"),
        unused_keys,
        lambda: f"{reverse('key-list')}?state=active&unused=idle&scope=all",
    ),
    Check(
        "endless-keys",
        gettext_lazy("Keys that never expire"),
        gettext_lazy("Give them an end; a new secret can be made at any time."),
        gettext_lazy("Set an end"),
        endless_keys,
        lambda: f"{reverse('key-list')}?state=active&ends=never&scope=all",
    ),
)
