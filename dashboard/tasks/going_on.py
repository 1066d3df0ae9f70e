"""Going on with long work: a slice with each request of its page, and without one, in a thread of the server.

Whoever closes the page finds the work done later. See docs/decisions/0014-work-without-a-page.md.
"""

import threading
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections
from django.http import HttpRequest
from django.utils import timezone, translation

from dashboard.tasks.kinds import STEPS
from rbacadmin.errors import NotFound, PermissionDenied
from rbacadmin.http import Request
from rbacadmin.policy import Actor, Origin
from rbacadmin.stopping import stopping
from rbacadmin.tasks import keeping
from rbacadmin.tasks.row import Task
from teams.models import User

SECONDS = 1.0  # that one slice takes; the page asks for the next by itself, or by a button without JavaScript
QUIET = timedelta(seconds=10)  # an open page comes back sooner
PAUSE = 1.0  # between two looks: at most half of the time goes into work that nobody looks at
AGAIN = 300.0  # seconds until what failed is tried again

logger = structlog.stdlib.get_logger(__name__)


def carry_on(request: Request, work: Task, *, begin: bool = False) -> None:
    """Do part after part, for about as long as somebody waits for a page. One request at a time.

    What waits to be looked at goes on only with `begin`.
    """
    until = monotonic() + SECONDS
    while taken := keeping.take(work):
        try:
            if keeping.waits(taken):
                if not begin:
                    return
                keeping.start(taken)
            keeping.keep(taken, STEPS[taken.kind](request, taken))
        finally:
            keeping.let_go(taken)
        if monotonic() >= until:
            return


class Alone:
    """The work of one process that nobody looks at, in one thread: a slice of each in turn, then a pause.

    Processes may all do so: what one has taken the others leave (`keeping.take`).
    """

    def __init__(self) -> None:
        self.ours: set[UUID] = set()
        self.failed: dict[UUID, float] = {}  # until when it is left alone
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; called once by each process of the server."""
        self.thread = threading.Thread(target=self.run, name="long work", daemon=True)
        self.thread.start()

    def run(self) -> None:
        """Until the process ends."""
        while not stopping.wait(PAUSE):
            try:
                self.slices()
            except Exception:
                logger.exception("long work is not looked for")  # the database is away: it comes back
            finally:
                connections.close_all()

    def finish(self) -> None:
        """Wait for the part in hand, so that what it does is written down."""
        stopping.set()
        if self.thread is not None:
            self.thread.join(timeout=5)

    def slices(self) -> None:
        """One slice of all that is left alone."""
        now = monotonic()
        self.failed = {pk: until for pk, until in self.failed.items() if until > now}
        found = keeping.left(timezone.now() - QUIET, self.ours, self.failed)
        self.ours = {task.pk for task in found}
        for task in found:
            if stopping.is_set():
                return
            try:
                with translation.override(task.asked.get("language")):
                    go_on(task)
            except (NotFound, PermissionDenied, ObjectDoesNotExist) as refused:  # forgotten meanwhile, it may be
                self.leave(task, reason=str(refused))  # its page says what is missing
            except Exception as error:
                self.leave(task, reason=repr(error))
                logger.exception("long work failed", task=str(task.pk))

    def leave(self, task: Task, **why: str) -> None:
        """Try it again later: it must not hold up the others."""
        self.failed[task.pk] = monotonic() + AGAIN
        logger.warning("long work waits", task=str(task.pk), **why)


def go_on(task: Task) -> None:
    """A slice by the rights of this moment. Raises NotFound while its owner is blocked or gone."""
    owner = User.objects.filter(pk=task.owner_id, blocked_by="").first()
    if owner is None:
        raise NotFound("person", str(task.owner_id))
    carry_on(on_behalf(owner, task.asked.get("ip")), task)


def on_behalf(owner: User, ip: str | None) -> Request:
    """A request as the owner's browser would send it for the next slice."""
    request: Any = HttpRequest()
    request.id, request.method, request.user, request.session, request.htmx = uuid4().hex, "POST", owner, {}, False
    request.actor = Actor.for_user(owner, Origin(door="dashboard", ip=ip, request_id=request.id))
    return request


alone = Alone()
