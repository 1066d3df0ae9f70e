"""What was used under a tag or for an end user, as far as the asker sees the calls themselves.

Tags and end users have no home: the same word may come from keys of several organizations. So the sums of a word
(DailyUsage) are for those who see all that was spent. Everybody else gets sums over the calls of keys whose spend they
see, which tell nothing that the list of those calls does not tell; they reach back as far as single calls are kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from gateway.ledger.models import Label, Usage
from gateway.ledger.reading import calls
from gateway.ledger.usage import id_of_name
from gateway.spending import COUNTS, MOST, Ledger, Line, everywhere, lines, totals
from keys.models import Key
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

COLUMNS = {"tag": "tags", "customer": "customer"}
NOTHING: dict[str, Any] = {"tag": [], "customer": ""}
SUMS = {
    "spend": Sum("cost"),
    "requests": Count("pk"),
    "failures": Count("pk", filter=Q(status=Usage.Status.FAILURE)),
    "prompt_tokens": Sum("prompt_tokens"),
    "completion_tokens": Sum("completion_tokens"),
}


def by_name(
    actor: Actor,
    kind: str,
    first: date,
    last: date,
    *,
    names: Sequence[str] = (),
    model: str = "",
    key: Key | None = None,
) -> list[Line]:
    """Lines by `name`, `day` and `model` of these tags or end users (without names: of all), and of one key or of all.

    A call with two tags counts for both. Raises ValidationError beyond 10,000 groups.
    """
    if key is None and policy.can(actor, Action.VIEW_SPEND):
        return from_days(kind, first, last, names, model)
    found = of_calls(actor, kind, first, last, model=model, key=key)
    groups = summed(found, "day", "model", COLUMNS[kind])
    return by_each(kind, groups, names)


def by_key(
    actor: Actor, kind: str, days: Sequence[date], *, names: Sequence[str] = (), model: str = "", key: Key | None = None
) -> list[Line]:
    """Lines by `key_id` and `day`, of calls that have such a name, on these days; for as long as calls are kept."""
    if not days:
        return []
    found = of_calls(actor, kind, min(days), max(days), model=model, key=key)
    groups = summed(found, "day", "key_id", COLUMNS[kind])
    return [line for line in by_each(kind, groups, names) if line["day"] in set(days)]


def of_calls(
    actor: Actor, kind: str, first: date, last: date, *, model: str = "", key: Key | None = None
) -> QuerySet[Usage]:
    """The calls that have a tag, or an end user, of this key or of all keys whose spend the actor sees."""
    ledgers = [Ledger("key", [key.pk])] if key else everywhere(actor, Key)[0]
    found = calls(ledgers, first, last).exclude(**{COLUMNS[kind]: NOTHING[kind]})
    return found.filter(model=model) if model else found


def from_days(kind: str, first: date, last: date, names: Sequence[str], model: str) -> list[Line]:
    """From the days' sums, which hold everything that was ever booked."""
    ledger = Ledger(kind, [id_of_name(kind, name) for name in names]) if names else Ledger(kind)
    found = totals(lines([ledger], first, last, model), "day", "model", "object_id")
    labels = Label.objects.filter(kind=kind, object_id__in={line["object_id"] for line in found})
    known = dict(labels.values_list("object_id", "name"))
    return [{**line, "name": known[line["object_id"]]} for line in found if line["object_id"] in known]


def summed(found: QuerySet[Usage], *by: str) -> list[Line]:
    """The calls added up by these columns: lists of tags as they are, which every database can group."""
    days = {"day": TruncDate("ended_at", tzinfo=UTC)} if "day" in by else {}
    sums = {f"sum_{name}": SUMS[name] for name in COUNTS}
    plain = [name for name in by if name not in days]
    groups = list(found.order_by().values(*plain, **days).annotate(**sums)[: MOST + 1])
    if len(groups) > MOST:
        raise ValidationError({"start_date": f"More than {MOST} rows: ask for fewer days."})
    return [
        {**{name: group[name] for name in by}, **{name: int(group[f"sum_{name}"] or 0) for name in COUNTS}}
        for group in groups
    ]


def by_each(kind: str, groups: Sequence[Line], names: Sequence[str]) -> list[Line]:
    """One line for each name that a group has, of those that are asked for; equal lines are added up."""
    wanted, column = set(names), COLUMNS[kind]
    found: dict[tuple[Any, ...], Line] = {}
    book: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for group in groups:
        rest = {name: value for name, value in group.items() if name != column and name not in COUNTS}
        for name in dict.fromkeys(group[column]) if kind == "tag" else (group[column],):
            if wanted and name not in wanted:
                continue
            line = (name, *rest.values())
            found[line] = {**rest, "name": name}
            for count in COUNTS:
                book[line][count] += group[count]
    return [{**line, **book[key]} for key, line in found.items()]
