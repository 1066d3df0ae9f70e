"""An offer: one model as one caller may call it, with everything that a call of it is counted on."""

from collections.abc import Iterable, Iterator

from gateway.admission import customers
from gateway.admission.caller import MOST_OFFERS, Caller, Deployment, Held, Offer
from gateway.admission.caps import closing
from gateway.admission.meters import WINDOW, Meter, meter_of
from gateway.admission.names import MOST_TOKENS, find
from gateway.admission.purse import purse_of
from gateway.admission.refusals import (
    Headers,
    Refusal,
    Refused,
    no_call,
    no_model,
    route_closed,
    route_denied,
    unavailable,
)
from gateway.ledger.connecting import connected
from gateway.ledger.purse import guard
from gateway.ledger.recording import recorder
from gateway.ledger.terms import id_for_model, kind_for_model, kind_of, terms_of, terms_of_model
from gateway.levels import Level
from gateway.routes import allows, is_call
from teams.models import Membership

# In this order (LiteLLM 5.1, 6 to 13) budgets are looked at, and rates (17).
BUDGETS = ("member", "key", "team", "project", "organization", "user", "customer")
WITHIN_A_TEAM = ("member", "key", "team")
RATES = ("key", "user", "team", "member", "customer", "project", "organization", "model")
MORE = 1 << 63  # than any meter has left


def offer_of(caller: Caller, model: str, route: str, now: float, customer: str | None = None) -> Offer:
    """The offer (for an end user when one is named), made anew when there is none or a minute has begun.

    Raises Refused (403, 400), in the documented order, once usage can be written: route, blocked scopes and the
    holder's rights, then the model.
    """
    if recorder.full:
        raise Refused(unavailable())
    if route not in caller.routes:
        if not allows(caller.allowed_routes, route):
            raise Refused(route_denied(route, str(caller.key_id or "")))
        if (cap := closing(caller, route)) is not None:
            raise Refused(route_closed(cap.kind, cap.name, route))
        listed = caller.kind == "master" or caller.allowed_routes or any(cap.routes for cap in caller.caps)
        if not listed and not is_call(route):
            raise Refused(no_call(route, str(caller.key_id or "")))
        if len(caller.routes) < MOST_OFFERS:
            caller.routes.add(route)
    if caller.standing is not None:
        raise Refused(caller.standing)
    offer = caller.offers.get(customers.offer_name(model, customer))
    if offer is None:
        offer = made(caller, model, now, customer)
    if now >= offer.until:
        with guard:
            for meter in offer.meters:
                meter.sync(now)
        offer.until = min(now - now % WINDOW + WINDOW, caller.fresh_until)
    return offer


def longest_answer(caller: Caller, model: str, route: str, now: float, customer: str | None = None) -> int | None:
    """How many tokens an answer of the model can have, as the catalog says; None where it does not, or refuses."""
    try:
        return offer_of(caller, model, route, now, customer).deployment.longest
    except Refused:
        return None


def left_open(
    caller: Caller, model: str, route: str, now: float, customer: str | None, *, answers: int, estimate: int
) -> tuple[int, int]:
    """Tokens of so many answers of which the call says no length: for how many money is reserved, and limits count.

    Money for as many as there can be, where the catalog says that; limits count the `estimate`, or what is less.
    """
    longest = longest_answer(caller, model, route, now, customer)
    most = min(longest * answers, MOST_TOKENS) if longest else estimate
    return most, min(estimate, most)


def made(caller: Caller, model: str, now: float, customer: str | None = None) -> Offer:
    """A new offer. Raises Refused."""
    kept_as = customers.offer_name(model, customer)
    if refusal := caller.denied.get(kept_as):
        raise Refused(refusal)
    if customer:
        customers.remember(caller)
    began = customers.Times.forgotten
    level: Level | None = connected(lambda: customers.level_of(customer)) if customer else None
    model = model or (level.row.default_model if level else "")
    if not model:
        raise Refused(no_model())
    found: Deployment | Refusal = connected(lambda: find(caller, model))
    if level and not isinstance(found, Refusal):
        found = customers.refused(level, caller, found) or found
    if isinstance(found, Refusal):
        if len(caller.denied) < MOST_OFFERS and may_be_kept(caller, customer, began):
            caller.denied[kept_as] = found
        raise Refused(found)
    levels, rated = ((*of, level) if level else of for of in (caller.levels, caller.rated))
    names = tuple(dict.fromkeys((model, found.called, found.name)))
    with guard:
        meters = () if caller.excluded else tuple(meters_of(rated, found, names, now))
    offer = Offer(found, meters, tuple(budgets_of(levels, found, now)))
    if may_be_kept(caller, customer, began):
        if len(caller.offers) >= MOST_OFFERS:
            caller.offers.clear()
        caller.offers[kept_as] = offer
    return offer


def may_be_kept(caller: Caller, customer: str | None, began: int) -> bool:
    """Whether nothing has changed, for the caller or their end user, since this was begun."""
    return not caller.evicted and (not customer or began == customers.Times.forgotten)


def meters_of(rated: Iterable[Level], deployment: Deployment, names: tuple[str, ...], now: float) -> Iterator[Meter]:
    """The meters that have a limit, in the order in which they are reported. Under `ledger.purse.guard`."""
    for level in sorted(rated, key=lambda level: RATES.index(level.kind)):
        row, name = level.row, name_of(level)
        limits = (row.rpm_limit, row.tpm_limit, row.max_parallel_requests)
        if meter := meter_of(level.kind, row.pk, name, limits, now):
            yield meter
        for entry in names:  # each entry that names the call binds: an alias lends no model the limit of another
            per_model = (row.model_rpm_limit.get(entry), row.model_tpm_limit.get(entry), None)
            if meter := meter_of(level.kind, row.pk, name, per_model, now, entry):
                yield meter
    of_model = (deployment.rpm_limit, deployment.tpm_limit, None)
    if deployment.id and (meter := meter_of("model", deployment.id, deployment.name, of_model, now)):
        yield meter


def budgets_of(levels: Iterable[Level], deployment: Deployment, now: float) -> Iterator[Held]:
    """The budgets that pay, in the order in which they are looked at. What is free needs none but one of 0.

    Nor does a team's own model, beyond the team: see `ledger.usage.pays`.
    """
    for level in sorted(levels, key=lambda level: BUDGETS.index(level.kind)):
        row, paid = level.row, not deployment.is_free and (deployment.team_id is None or level.kind in WITHIN_A_TEAM)
        called = deployment.called  # under this name the ledger counts the call
        for pk, kind, terms, model in (
            (row.pk, kind_of(row), terms_of(row), ""),
            (id_for_model(row.pk, called), kind_for_model(kind_of(row)), terms_of_model(row, called), called),
        ):
            if terms is not None and terms.limit is not None and (paid or terms.limit == 0):
                named = (level.kind, name_of(level), str(row.pk), label_of(level))
                yield Held(purse_of(pk, kind, terms, now), *named, model)


def name_of(level: Level) -> str:
    """How refusals name a level: a key by what may be shown of it, a member by person and team."""
    row = level.row
    if level.kind == "key":
        return str(row.name)
    if isinstance(row, Membership):
        return f"{row.user.public_id}:{row.team.public_id if row.team else ''}"
    return str(row.public_id)


def label_of(level: Level) -> str:
    """The same in people's words; empty where these say nothing that the name does not."""
    row = level.row
    if isinstance(row, Membership):
        return f"{row.user.label} in {row.team.label}" if row.team else row.user.label
    label = str(row.label)
    return "" if label == name_of(level) else label


def left(offer: Offer) -> Headers:
    """`x-ratelimit-*`: the limit and what is left of it, at the level that has the least left."""
    few: Meter | None = None  # of requests
    low: Meter | None = None  # of tokens
    requests = tokens = MORE
    for meter in offer.meters:  # by hand, and once: every answer carries these headers
        if meter.requests < requests and meter.rpm is not None:
            few, requests = meter, meter.requests
        if meter.tokens < tokens and meter.tpm is not None:
            low, tokens = meter, meter.tokens
    found: Headers = ()
    if few is not None:
        remaining = (requests if requests > 0 else 0) + few.beyond_requests
        found = (("x-ratelimit-limit-requests", str(few.rpm)), ("x-ratelimit-remaining-requests", str(remaining)))
    if low is not None:
        remaining = (tokens if tokens > 0 else 0) + low.beyond_tokens
        found += (("x-ratelimit-limit-tokens", str(low.tpm)), ("x-ratelimit-remaining-tokens", str(remaining)))
    if offer.meters and (scope := offer.meters[0].scope):
        found += (("x-ratelimit-scope", scope),)
    return found
