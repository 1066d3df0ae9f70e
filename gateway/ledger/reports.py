"""One reported call, checked: every broken rule is named with its field."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from gateway.ledger.usage import BIGGEST, DEAREST, LONGEST_ROUTE
from rbacadmin import money

OLDEST = timedelta(days=30)  # that may still be reported
AHEAD = timedelta(minutes=5)  # that clocks may differ
MOST_TAGS = 50
LONGEST_TAG = 255
STATUSES = ("success", "failure")


class Report(NamedTuple):
    """A call as a gateway reports it. `cost` is nano-dollars; None: the catalog's price of these tokens."""

    request_id: str
    key: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost: int | None
    status: str
    tags: tuple[str, ...]
    customer: str
    route: str
    started_at: datetime
    ended_at: datetime


def text(longest: int, needed: bool = False) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or len(value) > longest or (needed and not value.strip()):
            raise ValueError(f"Must be a text of {1 if needed else 0} to {longest} characters.")
        if not value.isprintable():
            raise ValueError("Must hold printable characters only.")
        return value

    return check


def count(value: Any) -> int:
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= BIGGEST:
        raise ValueError(f"Must be a whole number between 0 and {BIGGEST}.")
    return value


def dollars(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("Must be an amount in dollars.")
    try:
        nano = money.to_nano(value)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from error
    if nano > DEAREST:
        raise ValueError("Must be at most ten thousand dollars.")
    return nano


def status(value: Any) -> str:
    if value is None:
        return "success"
    if value not in STATUSES:
        raise ValueError(f"Must be one of: {', '.join(STATUSES)}.")
    return str(value)


def tags(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    check = text(LONGEST_TAG, needed=True)
    if not isinstance(value, list) or len(value) > MOST_TAGS:
        raise ValueError(f"Must be a list of at most {MOST_TAGS} texts.")
    return tuple(dict.fromkeys(check(tag) for tag in value))


def moment(value: Any) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise ValueError("Must be a moment.") from error
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError("Must be a moment: ISO 8601, or seconds since 1970.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


CHECKS: dict[str, Callable[[Any], Any]] = {
    "request_id": text(128, needed=True),
    "key": text(128),
    "model": text(255, needed=True),
    "prompt_tokens": count,
    "completion_tokens": count,
    "cost": dollars,
    "status": status,
    "tags": tags,
    "customer": text(255),
    "route": text(LONGEST_ROUTE),
    "started_at": moment,
    "ended_at": moment,
}


def checked(event: Any) -> Report | dict[str, str]:
    """The report of a call, or every rule that it breaks, by field."""
    if not isinstance(event, Mapping):
        return {"": "Must be an object."}
    errors = {str(name): "There is no such field." for name in event.keys() - CHECKS.keys()}
    values: dict[str, Any] = {}
    for name, check in CHECKS.items():
        try:
            values[name] = check(event.get(name))
        except ValueError as error:
            errors[name] = str(error)
    if not errors:
        now = timezone.now()
        values["ended_at"] = values["ended_at"] or now
        values["started_at"] = values["started_at"] or values["ended_at"]
        errors |= times(values["started_at"], values["ended_at"], now)
    return errors or Report(**values)


def times(started: datetime, ended: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with when the call was."""
    if ended > now + AHEAD:
        return {"ended_at": "Is in the future."}
    if ended < now - OLDEST:
        return {"ended_at": f"Is more than {OLDEST.days} days ago."}
    return {"started_at": "Is after its end."} if started > ended else {}
