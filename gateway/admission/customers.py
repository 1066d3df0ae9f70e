"""The end user for whom a call is made, as one more level: its own row, when somebody has made one (seed 002).

Whoever is not known is bound by nothing of their own; what is spent for them is counted all the same.
"""

from gateway.admission.caller import Caller, Deployment
from gateway.admission.evict import on_evict
from gateway.admission.refusals import Refusal, customer_blocked, customer_elsewhere, model_denied
from gateway.budgets.in_force import with_budgets
from gateway.levels import Level
from gateway.models import Customer
from rbacadmin.model_names import names_of, restricts

SEPARATOR = "\0"  # in no name: every door refuses it
MOST = 10_000
REGION = "region_name"  # where a deployment says in which region it runs

_callers: dict[int, Caller] = {}  # those that have offers for somebody


class Times:
    """How often offers for somebody were dropped: what was read before is not kept after."""

    forgotten = 0


def offer_name(model: str, customer: str | None) -> str:
    """Under which name a caller keeps the offer of a model for somebody."""
    return f"{model}{SEPARATOR}{customer}" if customer else model


def level_of(customer: str) -> Level | None:
    """The level of an end user. At most two queries."""
    row = Customer.objects.filter(public_id=customer).first()
    return Level("customer", with_budgets([row])[0]) if row else None


def refused(level: Level, caller: Caller, deployment: Deployment) -> Refusal | None:
    """Why no call of this model may be made for them, if so."""
    row, ident = level.row, str(level.row.pk)
    if row.blocked:
        return customer_blocked(row.public_id, ident)
    if restricts(row.models) and not names_of(row.models, caller.groups).covers(deployment.called):
        return model_denied("customer", ident, deployment.called)
    region = str(deployment.params.get(REGION) or "")
    if row.allowed_model_region and not region.lower().startswith(row.allowed_model_region):
        return customer_elsewhere(row.public_id, ident, deployment.called, row.allowed_model_region)
    return None


def remember(caller: Caller) -> None:
    """This caller has an offer for somebody."""
    if len(_callers) >= MOST:
        forget()
    _callers[id(caller)] = caller


def forget() -> None:
    """Drop all offers for somebody: one of them has changed, come or gone."""
    Times.forgotten += 1
    for caller in [*_callers.values()]:
        caller.offers = {name: offer for name, offer in caller.offers.items() if SEPARATOR not in name}
        caller.denied = {name: refusal for name, refusal in caller.denied.items() if SEPARATOR not in name}
    _callers.clear()


on_evict.append(forget)
