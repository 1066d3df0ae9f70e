"""The settings: what is in force and who decides it, what may be changed here, and the jobs of maintenance."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_POST

from dashboard.form_errors import put_errors
from dashboard.settings.forms import Form, JwtForm, SettingsForm
from keys.maintenance import JOBS, run_jobs
from rbacadmin import policy, runtime
from rbacadmin.http import Request
from rbacadmin.in_force import in_force
from rbacadmin.policy import Action

BUTTONS = {  # what a click does; the names of the jobs say what was done
    "memberships ended": _lazy("End memberships that are over"),
    "rotated secrets forgotten": _lazy("Forget old secrets after their grace"),
    "sessions cleared": _lazy("Clear sessions that ran out"),
    "terminals forgotten": _lazy("Forget sign-ins of terminals that came to nothing"),
    "secrets of keys forgotten": _lazy("Forget secrets of keys that nobody has taken"),
    "long work forgotten": _lazy("Forget long work of more than a day ago"),
    "old refusals forgotten": _lazy("Forget old counts of refused calls"),
    "old calls forgotten": _lazy("Forget old single calls; the sums of days stay"),
}


@require_GET
def settings_page(request: Request) -> HttpResponse:
    """Everything on one page."""
    return page(request)


def page(request: Request, status: int = 200, **forms: Form) -> HttpResponse:
    """The page, with the form that was sent in place of its own."""
    policy.require(request.actor, Action.VIEW_SETTINGS)
    may_change = policy.can(request.actor, Action.CHANGE_SETTINGS)
    context: dict[str, Any] = {
        "rows": [{**row, "value": in_words(row["value"])} for row in in_force()],
        "jobs": [(name, BUTTONS.get(name, name.capitalize())) for name in JOBS],
        "may_change": may_change,
        "form": forms.get("form") or SettingsForm(actor=request.actor),
        "jwt_form": forms.get("jwt_form") or JwtForm(actor=request.actor),
    }
    return render(request, "settings/settings.html", context, status=status)


def in_words(value: Any) -> Any:
    """A setting's value as people write it; an empty list is nothing."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def saved(request: Request, form: Form) -> HttpResponse | None:
    """Save what was changed; None when something in the form is wrong."""
    if form.is_valid():
        try:
            runtime.change_settings(request.actor, changes=form.changes())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Saved. It is in force at once."))
            return redirect("settings")
    return None


@require_POST
def settings_update(request: Request) -> HttpResponseBase:
    """Change the plain ones."""
    policy.require(request.actor, Action.VIEW_SETTINGS)
    form = SettingsForm(request.POST, actor=request.actor)
    return saved(request, form) or page(request, 422, form=form)


@require_POST
def settings_jwt(request: Request) -> HttpResponseBase:
    """Change what roles in tokens stand for."""
    policy.require(request.actor, Action.VIEW_SETTINGS)
    form = JwtForm(request.POST, actor=request.actor)
    return saved(request, form) or page(request, 422, jwt_form=form)


@require_POST
def settings_jobs(request: Request) -> HttpResponseBase:
    """Run one job, or all."""
    name = request.POST.get("job", "")
    done = run_jobs(request.actor, names=[name] if name else None)
    messages.success(request, ", ".join(f"{job}: {count}" for job, count in done.items()))
    return redirect("settings")
