"""The purses of this process: one for each budget, shared by all callers that it pays for.

A purse that nobody refers to and that holds no lease has nothing to remember; the ledger keeps those that do.
"""

from uuid import UUID
from weakref import WeakValueDictionary

from gateway.ledger.purse import Purse, guard
from gateway.ledger.terms import Terms

_purses: WeakValueDictionary[UUID, Purse] = WeakValueDictionary()


def purse_of(object_id: UUID, kind: str, terms: Terms, now: float) -> Purse:
    """The purse of a budget, with these terms in force. `now` in seconds since 1970."""
    if terms.extra_until is not None and terms.extra_until.timestamp() <= now:
        terms = terms._replace(extra=0, extra_until=None)
    with guard:
        purse = _purses.get(object_id)
        if purse is None:
            purse = _purses[object_id] = Purse(object_id, kind, terms)
    if purse.terms != terms:
        less = terms.extra < purse.terms.extra
        purse.update(terms)
        if less:
            purse.drop()  # what was leased while the budget was larger for a while
    return purse


def ask_again(ids: set[UUID]) -> None:
    """Something about these rows has changed: what their budgets answered a moment ago holds no longer."""
    for purse in [*_purses.values()]:
        if purse.object_id in ids:
            purse.forget()


def forget_all() -> None:
    """Begin anew: what was lent to this process is the ledger's business."""
    with guard:
        _purses.clear()
