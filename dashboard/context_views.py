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
from dashboard.places import PlaceField, Places
from rbacadmin.http import Request
from rbacadmin.policy import Actor


class ContextForm(forms.Form):
    """The organizations that the person may see, each with its projects."""

    scope = PlaceField(label=gettext_lazy("Work in"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("everything that I may see"))]
        places, field = Places(actor, KINDS, everything, self.initial.get("scope", "")), self.fields["scope"]
        assert isinstance(field, PlaceField)
        field.offer(places)
        if not places.too_many:
            field.choices = [*everything, *by_organization(places)]


def by_organization(places: Places) -> list[tuple[str, list[tuple[str, str]]]]:
    """Organization by organization: itself, then its projects. Whoever sees a project sees its organization."""
    labels = {row.pk: row.label for row in places.found["organization"]}
    found: dict[Any, list[tuple[str, str]]] = {}
    for kind, rows in places.found.items():
        for row in rows:
            whole = kind == "organization"
            label = _("all of %(organization)s") % {"organization": row.label} if whole else row.label
            found.setdefault(row.pk if whole else row.organization_id, []).append((f"{kind}:{row.pk}", label))
    groups = [(labels.get(pk, ""), offered) for pk, offered in found.items()]
    return sorted(groups, key=lambda group: group[0].casefold())


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
