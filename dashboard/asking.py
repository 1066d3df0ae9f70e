"""Asking before doing: a page that is a dialog where there is JavaScript."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rbacadmin.errors import Conflict
from rbacadmin.http import Request


@dataclass(frozen=True)
class Question:
    """What is asked. `typed` is what one must type where nothing can be undone; `form` asks for more."""

    title: str
    consequences: Sequence[str]
    button: str
    back: str
    icon: str = "trash-2"
    tone: str = "danger"
    typed: str = ""
    form: BaseForm | None = None
    offers_effect: bool = False  # whether "what will change" can be asked for first

    def error(self, request: Request) -> str:
        """What is wrong with what was typed, or nothing."""
        if self.typed and request.POST.get("typed", "").strip() != self.typed:
            return _("Type it exactly as it is shown.")
        return ""


def ask(
    request: Request,
    question: Question,
    *,
    error: str = "",
    status: int = 200,
    effect: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page with the question, and what it would change if that was asked for. POST goes to the same address."""
    context: dict[str, Any] = {"question": question, "form": question.form, "error": error, **(effect or {})}
    return render(request, "ui/ask.html", context, status=422 if error and status == 200 else status)


def ask_first(request: Request, question: Question, do: Callable[[], Any]) -> HttpResponse | None:
    """Do it once the question was answered well, and return nothing; until then, or when it conflicts, the page."""
    if request.method == "GET":
        return ask(request, question)
    if error := question.error(request):
        return ask(request, question, error=error)
    try:
        do()
    except Conflict as conflict:
        return ask(request, question, error=conflict.message, status=conflict.status)
    return None
