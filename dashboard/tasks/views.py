"""Long work on screen: how far it is, what became of each row, the file that it made."""

from collections import Counter
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard import exports
from dashboard.tasks.going_on import carry_on
from rbacadmin import viewing
from rbacadmin.errors import NotFound
from rbacadmin.http import Request
from rbacadmin.tasks import keeping
from rbacadmin.tasks.row import Task

SHOWN = 1_000  # outcomes on the page; beyond that, what was refused comes first


def own(request: Request) -> QuerySet[Task]:
    """The work of whoever signed in; nobody's while they look through somebody else's eyes."""
    return keeping.owned_by(None if viewing.is_viewing(request) else request.user.pk)


def found(request: Request, pk: UUID) -> Task:
    work = own(request).filter(pk=pk).first()
    if work is None:
        raise NotFound("long work", str(pk))
    return work


@never_cache
@require_GET
def task_list(request: Request) -> HttpResponse:
    """One's own long work of the last day."""
    return render(request, "tasks/task_list.html", {"tasks": own(request).defer("asked").order_by("-created_at")})


@never_cache
@require_http_methods(["GET", "POST"])
def task(request: Request, pk: UUID) -> HttpResponseBase:
    """How far it is; POST goes on with it, or lets go of it."""
    work = found(request, pk)
    if request.method == "GET":
        return render(request, "tasks/task.html", context(work))
    if request.POST.get("stop"):
        keeping.forget(work)
        return redirect(work.asked["back"][0])
    carry_on(request, work, begin=bool(request.POST.get("begin")))
    return redirect("task", pk=pk)


def context(work: Task) -> dict[str, Any]:
    """The page: outcomes in their order; of very many, those that went wrong first."""
    outcomes = keeping.outcomes(work) if work.begun_at else work.asked.get("plan", [])
    shown = outcomes if len(outcomes) <= SHOWN else sorted(outcomes, key=lambda one: one["state"] != "wrong")[:SHOWN]
    return {
        "task": work,
        "outcomes": shown,
        "hidden": len(outcomes) - len(shown),
        "waits": keeping.waits(work),
        "looked_at": len(outcomes),
        "tally": Counter(outcome["state"] for outcome in outcomes),
        "back": work.asked["back"],
        "again": work.asked.get("again", ""),
        "taken": bool(work.taken_until and work.taken_until > timezone.now()),
    }


@require_GET
def task_file(request: Request, pk: UUID) -> HttpResponseBase:
    """The file that an export made, whole or not at all."""
    work = found(request, pk)
    if work.kind != "export" or not work.finished_at:
        raise NotFound("file", str(pk))
    asked = work.asked
    headers = {"Content-Disposition": f'attachment; filename="{asked["name"]}"', "Cache-Control": "no-store"}
    pieces = chain([asked["head"]], keeping.texts(work))
    return StreamingHttpResponse(pieces, content_type=asked["media"], headers=headers)


@require_POST
def task_export(request: Request) -> HttpResponseBase:
    """Begin to make a file of the list at this address, in parts."""
    return redirect("task", pk=exports.begin(request, request.POST.get("address", "")).pk)
