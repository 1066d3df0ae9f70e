"""Spreads what was made in a moment over the past weeks: first the scopes, then their people, then the keys."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from orgs.models import Organization, Project
from rbacadmin.management.demo.build import Made
from rbacadmin.models import AuditEvent, Row
from teams.models import Invitation, Membership, Team, User

# Days ago, from and to. `updated_at` stays: it says what the database did, and `verify` reads it.
AGES: dict[type[Row], tuple[int, int]] = {
    Organization: (60, 56),
    User: (55, 48),
    Team: (47, 44),
    Project: (47, 44),
    Membership: (43, 36),
}
COLUMNS: dict[type[Row], str] = {Organization: "pk__in", User: "memberships__organization__in"}
PENDING = 8


def spread(made: list[Made], chance: Random) -> dict[UUID, datetime]:
    """Give every row of the demo a past, and its audit events the same. Returns when each row was born."""
    now = timezone.now()
    born: dict[UUID, datetime] = {}

    def past(oldest: float, newest: float) -> datetime:
        return now - timedelta(days=chance.uniform(newest, oldest))

    organizations = [here.organization.pk for here in made]
    for model, ages in AGES.items():
        column = COLUMNS.get(model, "organization__in")
        rows = list(model._default_manager.filter(**{column: organizations}).distinct().order_by("pk"))
        give(model, rows, {row.pk: past(*ages) for row in rows}, born)
    keys = [key for here in made for key in here.keys]
    ages_of_keys = {key.pk: min(past(34, 0.1), (key.expires_at or now) - timedelta(days=6)) for key in keys}
    give(type(keys[0]), keys, ages_of_keys, born)
    events = list(AuditEvent.objects.filter(door="demo"))
    for event in events:
        when = born.get(UUID(event.object_id)) if event.object_id else None
        refused = event.outcome == AuditEvent.Outcome.REFUSED
        event.created_at = past(14, 0) if refused or when is None else when
    AuditEvent.objects.bulk_update(events, ["created_at"], batch_size=300)
    accept(made, born)
    return born


def give(model: type[Row], rows: list[Any], times: dict[UUID, datetime], born: dict[UUID, datetime]) -> None:
    for row in rows:
        row.created_at = times[row.pk]
    model._default_manager.bulk_update(rows, ["created_at"], batch_size=200)
    born |= times


def accept(made: list[Made], born: dict[UUID, datetime]) -> None:
    """All but the last few have signed in; their invitations are accepted, the others stay pending."""
    people = [user for here in made for user in here.people]
    invitations = {row.user_id: row for row in Invitation.objects.filter(user__in=people)}
    late = {here.people[-1 - number].pk for here in made for number in range(3)}
    late = set(sorted(late, key=str)[:PENDING])
    for user in people:
        invitations[user.pk].created_at = born[user.pk]
        if user.pk in late:
            invitations[user.pk].created_at = timezone.now() - timedelta(days=1)
            continue
        invitations[user.pk].accepted_at = user.last_login = born[user.pk] + timedelta(hours=5)
    Invitation.objects.bulk_update(invitations.values(), ["created_at", "accepted_at"])
    User.objects.bulk_update(people, ["last_login"])
