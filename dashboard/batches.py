"""One thing done to all rows that match a filter: a part at a time, with a page that survives being closed.

What is left to do and what became of each row stands in the session, like an import: it is one person's own work.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.asking import Question, ask
from dashboard.bulk import Verb, answer, each
from dashboard.context import narrowed
from dashboard.listing import Listing
from dashboard.searching import search
from rbacadmin import policy
from rbacadmin.http import Request
from rbacadmin.policy import Actor

MOST = 2_000  # rows of one batch; whoever has more narrows the filter
AT_ONCE = 50  # rows that one request does; the page goes on by itself


@dataclass(frozen=True)
class Batch:
    """A list whose rows change many at a time. `name` stands in the address of its progress, `page` is its list."""

    name: str
    rows: QuerySet[Any]
    listing: Callable[[Actor], Listing[Any]]
    verbs: Mapping[str, Verb]
    page: str
    back_label: Any

    @property
    def back(self) -> str:
        """The list."""
        return reverse(self.page)


class AllForm(forms.Form):
    """The verb, and that it is meant for all that match, carried through the question."""

    verb = forms.CharField(widget=forms.HiddenInput)
    all = forms.CharField(widget=forms.HiddenInput)


def bulk(request: Request, batch: Batch) -> HttpResponseBase:
    """Do the verb to the ticked rows at once; to all that match the address, after a question, in parts."""
    if not request.POST.get("all"):
        return answer(request, batch.rows, batch.verbs, back=batch.back, back_label=batch.back_label)
    name = request.POST.get("verb", "")
    if name not in batch.verbs:
        raise ValidationError(_("Choose what to do with the rows."))
    wanted = matching(request, batch)
    question = asked(batch, name, len(wanted))
    if "typed" not in request.POST or question.error(request):
        return ask(request, question, error=question.error(request) if "typed" in request.POST else "")
    request.session[kept(batch)] = {"verb": name, "left": wanted, "done": []}
    return redirect("bulk-batch", name=batch.name)


def matching(request: Request, batch: Batch) -> list[str]:
    """The ids of the rows that the address's search and filters leave. Raises ValidationError for none or too many."""
    listing = batch.listing(request.actor)
    found, _chosen = listing.narrowed(
        request, search(narrowed(request, batch.rows), request.GET.get("q", ""), *listing.searched)
    )
    seen = policy.visible(request.actor, listing.action, found).order_by("pk")
    ids = [str(pk) for pk in seen.values_list("pk", flat=True)[: MOST + 1]]
    if not 0 < len(ids) <= MOST:
        raise ValidationError(_("Narrow the filter to between 1 and %(count)s rows.") % {"count": f"{MOST:,}"})
    return ids


def asked(batch: Batch, name: str, count: int) -> Question:
    """Always asked: what is done to many is seldom meant by accident, and then it is much work to take back."""
    verb = batch.verbs[name]
    title = ngettext("%(title)s: %(count)s row?", "%(title)s: %(count)s rows?", count)
    return Question(
        title % {"title": verb.title, "count": f"{count:,}"},
        [*verb.consequences, _("Each row is done by itself; one that is refused stops no other.")],
        verb.title, batch.back, typed=str(count), form=AllForm(initial={"verb": name, "all": "1"}),
        tone="danger" if verb.consequences else "primary", icon="trash-2" if verb.consequences else "list-checks",
    )  # fmt: skip


def kept(batch: Batch) -> str:
    """Where the session keeps what is left and what is done."""
    return f"batch:{batch.name}"


def progress(request: Request, batch: Batch) -> HttpResponse:
    """How far it is, and what became of each row so far; POST does the next part, or forgets it when it is done."""
    known = request.session.get(kept(batch))
    if request.method == "POST":
        if known and request.POST.get("stop"):
            del request.session[kept(batch)]
            return redirect(batch.back)
        if known:
            request.session[kept(batch)] = gone_on(request.actor, batch, known)
        return redirect("bulk-batch", name=batch.name)
    done = known["done"] if known else []
    context = {
        "batch": batch,
        "title": batch.verbs[known["verb"]].title if known else _("Nothing to do"),
        "known": known,
        "outcomes": done,
        "ready": len(done),
        "total": len(done) + len(known["left"]) if known else 0,
        "refused": sum(not outcome["done"] for outcome in done),
    }
    return render(request, "ui/batch.html", context)


def gone_on(actor: Actor, batch: Batch, known: dict[str, Any]) -> dict[str, Any]:
    """The next part done, in the order of the list. What is refused says why."""
    verb, part = batch.verbs[known["verb"]], known["left"][:AT_ONCE]
    if not part:
        return known
    outcomes = each(
        part, lambda ident: policy.find(actor, verb.action, batch.rows, ident), lambda row: verb.do(actor, row)
    )
    told = [{"label": one.label, "done": one.done, "text": "" if one.done else one.text} for one in outcomes]
    return {**known, "left": known["left"][AT_ONCE:], "done": [*known["done"], *told]}
