"""What nobody waits for. Safe at any time, as often as wanted: by cron, by a timer, or by hand (SET-04)."""

from collections.abc import Callable, Collection

from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from keys.models import Key
from keys.terminals import forget_unanswered
from rbacadmin import audit, policy
from rbacadmin.models import Setting
from rbacadmin.policy import Action, Actor, Origin
from rbacadmin.service import service
from rbacadmin.tasks.keeping import forget_old
from teams.models import Membership
from teams.services.belonging import leave_all


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
    "terminals forgotten": forget_unanswered,
    "long work forgotten": forget_old,
}


@service
def run_jobs(actor: Actor, *, names: Collection[str] | None = None) -> dict[str, int]:
    """Run the jobs of these names, or all, and say how many rows each took up. What they end is on record besides.

    Raises PermissionDenied, and ValidationError for a job that there is none of.
    """
    policy.require(actor, Action.RUN_JOBS)
    wanted = [*JOBS] if names is None else list(names)
    if unknown := set(wanted) - set(JOBS):
        raise ValidationError({"jobs": f"No such job: {', '.join(sorted(unknown))}. There are: {', '.join(JOBS)}."})
    done = {name: JOBS[name]() for name in wanted}
    audit.record(actor, "job.ran", Setting(name="maintenance"), jobs=done)
    return done
