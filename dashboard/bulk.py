"""Doing one thing to several rows: each row by itself, with a result for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.context import narrowed
from dashboard.listing import Listing
from dashboard.searching import search
from rbacadmin import policy
from rbacadmin.errors import Conflict, NotFound, PermissionDenied
from rbacadmin.http import Request
from rbacadmin.policy import Action, Actor
from teams.models import role_name

REFUSALS = (PermissionDenied, NotFound, Conflict, ValidationError)  # of one row, which stop no other


@dataclass(frozen=True)
class Verb:
    """What may be done to several rows. With `consequences` it is asked about first: it cannot be undone.

    `many` is the question and the name of long work: an `ngettext_lazy` by `number` with a `count` to show.
    `form` asks for what each row gets; its `changes()` are handed to `do` by name, and stand in JSON meanwhile.
    """

    action: Action
    do: Callable[..., Any]
    title: Any
    many: Any
    consequences: Sequence[Any] = ()
    form: type[forms.Form] | None = None
    told: Sequence[Any] = ()


@dataclass(frozen=True)
class Batch:
    """A list whose rows change many at a time. `name` is how long work finds it again; `back` is its page.

    `rows` are what the list holds; what of them is chosen, and may be changed, says the policy.
    """

    name: str
    rows: QuerySet[Any]
    verbs: Mapping[str, Verb]
    page: str
    back_label: Any
    page_args: Sequence[Any] = ()

    @property
    def back(self) -> str:
        """The list."""
        return reverse(self.page, args=self.page_args)

    def matching(self, request: Request) -> QuerySet[Any]:
        """The rows that the address asks for, as the list shows them."""
        raise NotImplementedError


@dataclass(frozen=True)
class ListBatch(Batch):
    """A list with the filters of its listing."""

    listing: Callable[[Actor], Listing[Any]] = field(kw_only=True)

    def matching(self, request: Request) -> QuerySet[Any]:
        listing = self.listing(request.actor)
        rows = search(narrowed(request, self.rows), request.GET.get("q", ""), *listing.searched)
        found, _chosen = listing.narrowed(request, rows)
        seen = policy.visible(request.actor, listing.action, found)
        looked_into: Action = self.rows.model.view_action  # of what one may list only, nothing can be done to it
        return seen if looked_into == listing.action else policy.visible(request.actor, looked_into, seen)


@dataclass(frozen=True)
class Outcome:
    """What became of one row."""

    label: str
    done: bool
    text: str

    def plain(self) -> dict[str, str]:
        """As long work writes it down."""
        return {"label": self.label, "state": "done" if self.done else "wrong", "text": "" if self.done else self.text}


def each(actor: Actor, batch: Batch, verb: Verb, idents: Iterable[str], changes: Mapping[str, Any]) -> list[Outcome]:
    """Do the verb to each of the rows; a refusal of one stops no other."""
    return [outcome_of(actor, batch, verb, ident, changes) for ident in idents]


def outcome_of(actor: Actor, batch: Batch, verb: Verb, ident: str, changes: Mapping[str, Any]) -> Outcome:
    label = ident
    try:
        row = policy.find(actor, verb.action, batch.rows, ident)
        label = row.label
        verb.do(actor, row, **changes)
    except REFUSALS as refused:
        if isinstance(refused, PermissionDenied) and label == ident:
            label = refused.obj.label if refused.obj is not None else ident  # found, but not for this
        return Outcome(label, False, said(refused))
    return Outcome(label, True, _("done"))


def said(refused: Exception) -> str:
    """Why a row was refused, for whoever asked for it: roles by their names."""
    if isinstance(refused, PermissionDenied):
        decision, text = refused.decision, _("You may not %(do)s.") % {"do": refused.decision.action.label}
        if decision.limits:
            return " ".join([text, *(limit.text for limit in decision.limits)])
        roles = ", ".join(dict.fromkeys(str(role_name(role)) for role in decision.roles_that_could))
        return f"{text} {_('It takes: %(roles)s.') % {'roles': roles}}" if roles else text
    return " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
