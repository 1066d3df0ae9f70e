"""`manage.py run_maintenance`: what nobody waits for. Safe at any time, as often as wanted, by cron or a timer."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from keys.models import Key
from rbacadmin.policy import Actor, Origin
from teams.models import Membership
from teams.services.belonging import leave_all


class Command(BaseCommand):
    help = "End expired memberships, forget rotated secrets and clear expired sessions."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, job in JOBS.items():
            self.stdout.write(f"{name}: {job()}")


def end_memberships() -> int:
    """Take out people whose membership has expired. It gave nothing since then; now the row and the keys go.

    Who leaves an organization leaves its teams and projects (rulebook 9), here as anywhere.
    """
    actor = Actor.master(Origin(door="maintenance"))
    expired = Membership.objects.filter(expires_at__lte=timezone.now()).values_list("pk", flat=True)
    for pk in list(expired):
        with transaction.atomic():
            membership = Membership.objects.select_for_update().filter(pk=pk, expires_at__lte=timezone.now()).first()
            if membership is not None:
                leave_all(actor, membership)
    return len(expired)


def forget_secrets() -> int:
    """Drop the hashes of rotated secrets whose grace period is over."""
    rotated = Key.objects.filter(previous_until__lte=timezone.now())
    return rotated.update(previous_token=None, previous_until=None)


def clear_sessions() -> int:
    """Delete sessions that have run out."""
    return Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]


JOBS: dict[str, Callable[[], int]] = {
    "memberships ended": end_memberships,
    "rotated secrets forgotten": forget_secrets,
    "sessions cleared": clear_sessions,
}
