"""Choosing where one works."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dashboard.asking import Question, ask
from dashboard.context import KINDS, WISH, chosen
from dashboard.places import OFFERED
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Actor


class ContextForm(forms.Form):
    """The organizations that the person may see, each with its projects."""

    scope = forms.ChoiceField(label=gettext_lazy("Work in"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [("", _("everything that I may see")), *places(actor)]  # type: ignore[attr-defined]


def places(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Organization by organization: itself, then its projects. Two queries, and at most so many of each."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, (rows, action) in KINDS.items():
        for row in policy.visible(actor, action, rows.order_by("alias_key"))[:OFFERED]:
            home = row if kind == "organization" else row.organization
            label = _("all of %(organization)s") % {"organization": row.label} if row is home else row.label
            found.setdefault(home.label, []).append((f"{kind}:{row.pk}", label))
    return sorted(found.items(), key=lambda place: place[0].casefold())


@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """Ask where, and remember it until one signs out."""
    back, scope = request.GET.get("next", ""), chosen(request)
    back = back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("home")
    initial = {"scope": f"{scope.kind}:{scope.pk}" if scope else ""}
    form = ContextForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        request.session[WISH] = form.cleaned_data["scope"]
        return redirect(back)
    question = Question(
        _("Where do you work?"),
        [_("Lists show what is there, and new keys, teams and projects begin there. Any list can be widened.")],
        _("Work there"), back, icon="crosshair", tone="primary", form=form,
    )  # fmt: skip
    return ask(request, question, status=422 if form.errors else 200)
