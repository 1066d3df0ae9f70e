"""Keeping long work: begun, done a part at a time by one request at once, forgotten after a day.

No services: these rows are a person's own notes of what they are doing. What a part does to other rows goes through
the services, by the rights of that moment.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from rbacadmin.policy import Actor
from rbacadmin.tasks.row import Task, TaskPart

KEPT = timedelta(days=1)
AT_MOST = 20  # of one person: the oldest goes when there are more
LEASE = timedelta(seconds=60)  # after that, a request that took a part is taken for dead

Outcome = dict[str, Any]  # label, state ("done", "new", "kept" or "wrong"), text, and the line of a file


@dataclass(frozen=True)
class Step:
    """What a request did: how many rows, what became of them or the piece of the file, and where the next begins.

    `plan` is what would become of some more rows, of work that is looked at before it begins.
    """

    count: int
    outcomes: Sequence[Outcome] = field(default_factory=list)
    text: str = ""
    after: str = ""
    last: bool = False
    plan: Sequence[Outcome] = ()


def begin(actor: Actor, kind: str, title: str, asked: dict[str, Any], total: int, *, waits: bool = False) -> Task:
    """New work of somebody who has signed in; it begins by itself unless it `waits` to be looked at first.

    From where and in which language it was asked for is kept: a part that is done without them is recorded so, too.
    """
    owner_id = actor.user_id
    assert owner_id, "long work of nobody"
    begun = None if waits else timezone.now()
    asked = {**asked, "ip": actor.origin.ip, "language": get_language()}
    task = Task.objects.create(
        owner_id=owner_id, kind=kind, title=title[:300], asked=asked, total=total, begun_at=begun
    )
    kept = owned_by(owner_id).order_by("-created_at").values_list("pk", flat=True)[:AT_MOST]
    owned_by(owner_id).exclude(pk__in=list(kept)).delete()
    return task


def owned_by(owner_id: UUID | None) -> QuerySet[Task]:
    """The work of one person that is not forgotten yet."""
    if owner_id is None:
        return Task.objects.none()
    return Task.objects.filter(owner_id=owner_id, created_at__gt=timezone.now() - KEPT)


def take(task: Task) -> Task | None:
    """The work as it is now, for this request alone; None when it is finished, or another request is at it."""
    now = timezone.now()
    free = Q(taken_until=None) | Q(taken_until__lte=now)
    open_ones = Task.objects.filter(free, pk=task.pk, finished_at=None)
    if not open_ones.update(taken_until=now + LEASE):
        return None
    return Task.objects.get(pk=task.pk)


def waits(task: Task) -> bool:
    """Whether it is planned to the end and begins only when its owner says so."""
    return task.begun_at is None and len(task.asked["plan"]) == task.total


def start(task: Task) -> None:
    """Begin what has been looked at."""
    task.begun_at = timezone.now()
    task.save(update_fields=["begun_at"])


def let_go(task: Task) -> None:
    """Let another request go on with it. Until when it was taken says when somebody was at it last."""
    Task.objects.filter(pk=task.pk).update(taken_until=timezone.now())


def left(since: datetime, ours: Collection[UUID] = (), without: Collection[UUID] = ()) -> list[Task]:
    """Some of the work that has begun and that nobody has been at since then; `ours` is no matter when."""
    now = timezone.now()
    alone = Q(taken_until=None, begun_at__lt=since) | Q(taken_until__lt=since) | Q(pk__in=ours, taken_until__lte=now)
    rows = Task.objects.filter(alone, finished_at=None, begun_at__isnull=False, created_at__gt=now - KEPT)
    return list(rows.exclude(pk__in=without).defer("asked").order_by("created_at")[:AT_MOST])


@transaction.atomic
def keep(task: Task, step: Step) -> None:
    """Write down what was done. It stays taken, until it is let go or finished."""
    if step.plan:
        task.asked["plan"] += step.plan
        task.save(update_fields=["asked"])
        return
    TaskPart.objects.create(task=task, number=task.parts.count(), outcomes=list(step.outcomes), text=step.text)
    task.done += step.count
    task.refused += sum(outcome["state"] == "wrong" for outcome in step.outcomes)
    task.after = step.after
    task.finished_at = timezone.now() if step.last else None
    task.save(update_fields=["done", "refused", "after", "finished_at"])


def outcomes(task: Task) -> list[Outcome]:
    """What became of each row so far, in their order."""
    parts: Any = task.parts.values_list("outcomes", flat=True)
    return [outcome for part in parts for outcome in part]


def texts(task: Task) -> Iterator[str]:
    """The file so far, piece by piece."""
    return task.parts.values_list("text", flat=True).iterator(chunk_size=20)


def forget(task: Task) -> None:
    """Let go of it and of what it made. What it did to other rows stays."""
    task.delete()


def forget_old() -> int:
    """Sweep up what began more than a day ago; how many there were."""
    old = Task.objects.filter(created_at__lte=timezone.now() - KEPT)
    count = old.count()
    old.delete()
    return count
