"""Whom the limits of a row bind, and with what: every key and membership beneath it, in the same few queries always."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from gateway.effective import Effective, effective, known_of
from gateway.levels import Level, levels_of_key, levels_of_member, with_person
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from teams.models import Membership, Team, User

JOINED = ("user", "team", "project", "organization")


@dataclass(frozen=True)
class Bearers:
    """Keys and memberships that a row's limits bind."""

    keys: QuerySet[Key]
    members: QuerySet[Membership]


def bearers(row: Any, now: datetime | None = None) -> Bearers:
    """The live keys and memberships beneath a scope, people, a membership or a key (rulebook 15)."""
    live = Q(expires_at=None) | Q(expires_at__gt=now or timezone.now())
    keys = Key.objects.filter(live).select_related(*JOINED)
    members = Membership.objects.filter(unexpired()).select_related(*JOINED)
    if isinstance(row, Organization | Team | Project | User):
        column = row._meta.model_name or ""
        return Bearers(keys.filter(**{column: row}), members.filter(**{column: row}))
    if isinstance(row, list):  # of one kind
        beneath = {f"{row[0]._meta.model_name}__in": row} if row else {"pk__in": []}
        return Bearers(keys.filter(**beneath), members.filter(**beneath))
    if isinstance(row, Membership):  # its limits count in a team only
        team = row.team_id if row.project_id is None else None
        return Bearers(keys.filter(user=row.user_id, team=team, team__isnull=False), members.filter(pk=row.pk))
    return Bearers(keys.filter(pk=row.pk), members.none())


def effective_of(
    keys: Sequence[Key], members: Sequence[Membership], now: datetime | None = None
) -> dict[UUID, Effective]:
    """What binds each of them, by id; equal to `effective_for_key` and `effective_for_member`.

    5 queries, and some for each key that is bound to nothing: whether it may call at all is asked one by one.
    """
    at, inside = now or timezone.now(), memberships_of(keys)
    found: dict[UUID, tuple[Sequence[Level], User | None]] = {}
    for key in keys:
        person = key.person
        found[key.pk] = levels_of_key(key, inside.get((key.user_id, key.team_id)) if key.team_id else None), person
    for member in members:
        found[member.pk] = levels_of_member(member.user, member), member.user
    known = known_of((level for levels, person in found.values() for level in with_person(levels, person)), at)
    told = {pk: effective(levels, person, at, known) for pk, (levels, person) in found.items()}
    for key in keys:
        levels, person = found[key.pk]
        if person is not None and key.reach() is None and not policy.can(Actor.for_key(key), Action.CALL_MODELS):
            told[key.pk] = replace(told[key.pk], models=[], cut_by=[levels[0]])  # it manages only (rulebook 16)
    return told


def memberships_of(keys: Sequence[Key]) -> dict[tuple[Any, Any], Membership]:
    """The memberships through which the keys' owners are in the keys' teams. One query."""
    rows = Membership.objects.filter(
        unexpired(),
        user__in={key.user_id for key in keys if key.team_id and key.user_id},
        team__in={key.team_id for key in keys if key.team_id},
        project=None,
    )
    return {(row.user_id, row.team_id): row for row in rows}
