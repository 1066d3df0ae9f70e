"""One thing done to several keys."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dashboard.asking import Question, ask
from dashboard.bulk import each
from dashboard.keys.listing import KEYS
from keys import services
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor

VERBS: dict[str, tuple[Action, Callable[[Actor, Any], Any], Any]] = {
    "block": (Action.BLOCK_KEYS, services.block_key, gettext_lazy("Block keys")),
    "unblock": (Action.UNBLOCK_KEYS, services.unblock_key, gettext_lazy("Unblock keys")),
    "delete": (Action.DELETE_KEYS, services.delete_keys, gettext_lazy("Delete keys")),
}


class Chosen(forms.Form):
    """The rows that were ticked, carried through the question."""

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in VERBS], widget=forms.HiddenInput)
    row = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)


@require_POST
def key_bulk(request: Request) -> HttpResponse:
    """Block, unblock or delete the keys that were ticked, and say what became of each. Deleting is asked about."""
    actor, chosen = request.actor, request.POST.getlist("row")
    name = request.POST.get("verb", "")
    action, verb, title = VERBS.get(name, VERBS["block"])
    if name == "delete" and chosen:
        question = deletion(request, chosen)
        if "typed" not in request.POST or question.error(request):
            return ask(request, question, error=question.error(request) if "typed" in request.POST else "")
    outcomes = each(chosen, lambda ident: policy.find(actor, action, KEYS, ident), lambda key: verb(actor, key))
    context = {"outcomes": outcomes, "title": title, "back": reverse("key-list"), "back_label": _("Keys")}
    return render(request, "ui/outcomes.html", context)


def deletion(request: Request, chosen: list[str]) -> Question:
    """Deleting cannot be undone, so the number of keys is typed."""
    return Question(
        _("Delete %(count)s keys?") % {"count": len(chosen)},
        [_("They stop working at once and for good."), _("Their names and what they spent stay on record.")],
        _("Delete the keys"),
        reverse("key-list"),
        typed=str(len(chosen)),
        form=Chosen(initial={"verb": "delete", "row": chosen}),
    )
