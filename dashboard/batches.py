"""One thing done to rows that were ticked, at once, or to all that match a filter, as long work."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dashboard.access import effect
from dashboard.asking import Question, ask
from dashboard.bulk import Batch, Outcome, Verb, each
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.tasks import keeping
from rbacadmin.tasks.keeping import Step
from rbacadmin.tasks.row import Task

TICKED = 200  # rows that are ticked one by one: as many as a few pages hold
MOST = 10_000  # rows of one batch; whoever has more narrows the filter
AT_ONCE = 50  # rows of one part


class Carried(forms.Form):
    """The verb and the rows, carried through the question. `asked` tells its answer from what it answers."""

    verb = forms.CharField(widget=forms.HiddenInput)
    asked = forms.CharField(widget=forms.HiddenInput, initial="1", required=False)


class Ticked(Carried):
    """The rows that were ticked."""

    row = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, rows: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].choices = [(row, row) for row in rows]  # type: ignore[attr-defined]
        self.initial["row"] = rows


class Everything(Carried):
    """All that match the address."""

    all = forms.CharField(widget=forms.HiddenInput, initial="1")


def bulk(request: Request, batch: Batch) -> HttpResponseBase:
    """Do the verb to the ticked rows; to all that match the address, after a question and in parts."""
    name, everything = request.POST.get("verb", ""), bool(request.POST.get("all"))
    if name not in batch.verbs:
        raise ValidationError(_("Choose what to do with the rows."))
    verb = batch.verbs[name]
    rows = matching(request, batch) if everything else ticked(request)
    form = form_of(request, verb, rows, everything)
    if (everything or verb.consequences or verb.form) and (page := question_of(request, batch, verb, rows, form)):
        return page
    changes = form.changes() if verb.form and form.is_bound else {}  # type: ignore[attr-defined]
    if not everything:
        context = {"outcomes": each(request.actor, batch, verb, rows, changes), "title": verb.title}
        return render(request, "ui/outcomes.html", {**context, "back": batch.back, "back_label": batch.back_label})
    wanted = {"batch": batch.name, "verb": name, "changes": changes, "rows": rows}
    back = [batch.back, str(batch.back_label)]
    task = keeping.begin(request.actor, "bulk", title_of(verb, len(rows)), {**wanted, "back": back}, len(rows))
    return redirect("task", pk=task.pk)


def question_of(
    request: Request, batch: Batch, verb: Verb, rows: list[str], form: forms.Form
) -> HttpResponseBase | None:
    """The question, with what it would change if that was asked for; nothing once it was answered well."""
    question = asked(batch, verb, len(rows), form, isinstance(form, Everything))
    if not form.is_bound:
        return ask(request, question)
    previewed = question.offers_effect and effect.asked(request)
    if (error := "" if previewed else question.error(request)) or not form.is_valid():
        return ask(request, question, error=error, status=422)
    if not previewed:
        return None
    shown, refused = foreseen(request, batch, verb, rows, form.changes())  # type: ignore[attr-defined]
    return ask(request, replace(question, consequences=[*question.consequences, *refused]), effect=shown)


def foreseen(
    request: Request, batch: Batch, verb: Verb, rows: list[str], changes: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Who would be bound differently, for the form's template, and which of the rows would be refused."""
    outcomes = list[Outcome]()
    chosen = list(policy.visible(request.actor, verb.action, batch.rows.filter(pk__in=rows)))
    shown = effect.of_limits(request, chosen, lambda: outcomes.extend(each(request.actor, batch, verb, rows, changes)))
    return shown, [f"{one.label}: {one.text}" for one in outcomes if not one.done]


def ticked(request: Request) -> list[str]:
    """The rows that were ticked, each once. Raises ValidationError for none or too many."""
    rows = list(dict.fromkeys(request.POST.getlist("row")))
    if not 0 < len(rows) <= TICKED:
        raise ValidationError(_("Choose between 1 and %(count)s rows.") % {"count": TICKED})
    return rows


def matching(request: Request, batch: Batch) -> list[str]:
    """The ids of the rows that the address's search and filters leave. Raises ValidationError for none or too many."""
    found = batch.matching(request).order_by("pk").values_list("pk", flat=True)
    ids = [str(pk) for pk in found[: MOST + 1]]
    if not 0 < len(ids) <= MOST:
        raise ValidationError(_("Narrow the filter to between 1 and %(count)s rows.") % {"count": f"{MOST:,}"})
    return ids


def form_of(request: Request, verb: Verb, rows: list[str], everything: bool) -> forms.Form:
    """What the question carries, and asks for besides; filled in once it was answered."""
    carried: type[forms.Form] = Everything if everything else Ticked
    wanted = type("Asked", (carried, verb.form), {}) if verb.form else carried
    answered = request.POST if "asked" in request.POST or "typed" in request.POST else None
    more = {} if everything else {"rows": rows}
    return wanted(answered, initial={"verb": request.POST["verb"]}, **more)


def title_of(verb: Verb, count: int) -> str:
    """What is done to how many, as a command: "Delete 3 keys"."""
    return str(verb.many % {"number": count, "count": f"{count:,}"})


def asked(batch: Batch, verb: Verb, count: int, form: forms.Form, everything: bool) -> Question:
    """All that match are always asked about: what is done to many is much work to take back."""
    told = [*verb.told, *verb.consequences, _("Each row is done by itself; one that is refused stops no other.")]
    danger = bool(verb.consequences)
    return Question(
        _("%(command)s?") % {"command": title_of(verb, count)}, told, verb.title, batch.back, form=form,
        typed=str(count) if everything or danger else "",
        offers_effect=verb.form is not None and not everything,
        tone="danger" if danger else "primary", icon="trash-2" if danger else "list-checks",
    )  # fmt: skip


def step(request: Request, task: Task, batch: Batch) -> Step:
    """The next rows, in the order of the list. What is refused says why."""
    wanted = task.asked
    part = wanted["rows"][task.done : task.done + AT_ONCE]
    outcomes = each(request.actor, batch, batch.verbs[wanted["verb"]], part, wanted["changes"])
    last = task.done + len(part) >= len(wanted["rows"])
    return Step(len(part), [outcome.plain() for outcome in outcomes], last=last)
