"""Pages that are one form over `ui/form.html`: what makes or changes a row."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render

from dashboard import as_call
from dashboard.access import effect
from dashboard.form_errors import tried
from rbacadmin.http import Request

T = TypeVar("T")


def saved(
    request: Request, form: BaseForm, save: Callable[[], T], *, rename: Mapping[str, str] | None = None
) -> T | None:
    """What `save` returned, once a valid form was sent to be saved and not to be looked at.

    None before, and when the service found something wrong: then the form says it. Other refusals are raised.
    """
    if effect.asked(request) or as_call.asked(request) or not form.is_valid():
        return None
    return tried(form, save, rename=rename)


def form_page(
    request: Request, form: BaseForm, *, title: str, button: str, back: str, back_label: str, status: int = 422,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page with the form; `status` is for a form with something wrong in it. `more` is what the template takes."""
    context = {"form": form, "title": title, "button": button, "back": back, "back_label": back_label, **more}
    return render(request, "ui/form.html", context, status=status if form.errors else 200)
