"""Forms that say what will change before they are saved: `as=preview` is sent instead of a plain save."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BaseForm

from dashboard.access.binding import binding
from dashboard.access.preview import preview
from dashboard.form_errors import tried
from rbacadmin.http import Request
from teams.models import User

Change = Callable[[], Any]


def asked(request: Request) -> bool:
    """Whether the form was sent to see what it would change, and not to do it."""
    return request.POST.get("as") == "preview"


def offered(
    request: Request, form: BaseForm, told: Callable[[], dict[str, Any]], *, rename: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """For the form's template: the button that asks, and what `told` says once a valid form asked."""
    found = tried(form, told, rename=rename) if asked(request) and form.is_valid() else None
    return {"offers_effect": True, **(found or {})}


def of_limits(request: Request, row: Any, change: Change) -> dict[str, Any]:
    """For the form's template: who is bound differently afterwards."""
    return {"binding": binding(request.actor, row, change)}


def of_person(request: Request, person: User, change: Change) -> dict[str, Any]:
    """For the form's template: what the person may do afterwards, and what binds their calls."""
    return {"preview": preview(request.actor, person, change), **of_limits(request, person, change)}
