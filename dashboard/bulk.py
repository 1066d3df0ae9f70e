"""Doing one thing to several rows: each row by itself, with a result for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dashboard.asking import Question, ask
from rbacadmin import policy
from rbacadmin.errors import Conflict, NotFound, PermissionDenied
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor

AT_ONCE = 200


@dataclass(frozen=True)
class Verb:
    """What may be done to ticked rows. With `consequences` it is asked about first: it cannot be undone."""

    action: Action
    do: Callable[[Actor, Any], Any]
    title: Any
    consequences: Sequence[Any] = ()


class Chosen(forms.Form):
    """The rows that were ticked, carried through the question."""

    verb = forms.CharField(widget=forms.HiddenInput)
    row = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)


def answer(
    request: Request, rows: QuerySet[Any], verbs: Mapping[str, Verb], *, back: str, back_label: str
) -> HttpResponse:
    """Do the verb that was chosen to the rows that were ticked, and say what became of each."""
    chosen, name = request.POST.getlist("row"), request.POST.get("verb", "")
    if name not in verbs:
        raise ValidationError(_("Choose what to do with the ticked rows."))
    verb = verbs[name]
    if verb.consequences and 0 < len(chosen) <= AT_ONCE:
        asked = {"title": verb.title, "count": len(chosen)}
        question = Question(
            _("%(title)s: %(count)s rows?") % asked, verb.consequences, verb.title, back, typed=str(len(chosen)),
            form=Chosen(initial={"verb": name, "row": chosen}),
        )  # fmt: skip
        if "typed" not in request.POST or question.error(request):
            return ask(request, question, error=question.error(request) if "typed" in request.POST else "")
    actor = request.actor
    outcomes = each(chosen, lambda ident: policy.find(actor, verb.action, rows, ident), lambda row: verb.do(actor, row))
    return render_outcomes(request, outcomes, verb.title, back=back, back_label=back_label)


def render_outcomes(
    request: Request, outcomes: Sequence["Outcome"], title: Any, *, back: str, back_label: str
) -> HttpResponse:
    context = {"outcomes": outcomes, "title": title, "back": back, "back_label": back_label}
    return render(request, "ui/outcomes.html", context)


@dataclass(frozen=True)
class Outcome:
    """What became of one row."""

    label: str
    done: bool
    text: str


def each(idents: Iterable[str], find: Callable[[str], Any], verb: Callable[[Any], Any]) -> list[Outcome]:
    """Find and do, row by row; a refusal of one stops no other. Raises ValidationError for too many at once."""
    wanted = list(dict.fromkeys(idents))
    if not wanted or len(wanted) > AT_ONCE:
        raise ValidationError(_("Choose between 1 and %(count)s rows.") % {"count": AT_ONCE})
    return [outcome_of(ident, find, verb) for ident in wanted]


def outcome_of(ident: str, find: Callable[[str], Any], verb: Callable[[Any], Any]) -> Outcome:
    label = ident
    try:
        row = find(ident)
        label = row.label
        verb(row)
    except PermissionDenied as refused:
        return Outcome(label, False, refused.decision.summary())
    except (Conflict, NotFound) as refused:
        return Outcome(label, False, str(refused))
    except ValidationError as error:
        return Outcome(label, False, " ".join(error.messages))
    return Outcome(label, True, _("done"))
