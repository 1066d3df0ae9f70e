"""What a limit means: null, inherit, first cap, duration. The one place that knows.

A limit set is a plain mapping of the `LimitSet` columns. `None`, and an empty list of models, mean "what the level
above allows"; 0 means nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from rbacadmin import model_names

NUMBERS = ("max_budget", "soft_budget", "tpm_limit", "rpm_limit", "max_parallel_requests")
PER_MODEL = ("model_max_budget", "model_rpm_limit", "model_tpm_limit")
LIMITS = (*NUMBERS, "budget_duration", "models", *PER_MODEL)
CAPPED_BY_PARENT = ("max_budget", "tpm_limit", "rpm_limit", "max_parallel_requests")

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "mo": 2592000}
WORDS = {"hourly": "1h", "daily": "24h", "weekly": "7d", "monthly": "30d"}
DURATION = re.compile(r"([1-9][0-9]{0,6})(s|m|h|d|w|mo)", re.ASCII)


def parse_duration(text: str) -> timedelta:
    """`30s 5m 1h 7d 2w 1mo` or `hourly daily weekly monthly` as a time span. Raises ValidationError."""
    match = DURATION.fullmatch(WORDS.get(text, text))
    if not match:
        raise ValidationError("Must be a whole number above 0 with a unit: s, m, h, d, w or mo (for example 30d).")
    seconds = int(match[1]) * UNITS[match[2]]
    if seconds > 100 * 365 * 86400:
        raise ValidationError("Must be at most a hundred years.")
    return timedelta(seconds=seconds)


def validate_duration(text: str) -> None:
    """Django validator for duration columns; empty is "no period"."""
    if text:
        parse_duration(text)


def is_raise(field: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether changing `field` from the old limit set to the new one gives anybody more.

    A first cap is no raise, and neither is the period that comes with it; any other new period is one, because a
    shorter period is more money and comparing them is no business of a permission check.
    """
    before, after = old.get(field), new.get(field)
    if before == after:
        return False
    if field in NUMBERS:
        return isinstance(before, int | float) and (not isinstance(after, int | float) or after > before)
    if field == "budget_duration":
        return old.get("max_budget") is not None or bool(before)
    if field == "models":
        return bool(before) and (not after or bool(outside(after, before)))
    if field in PER_MODEL:
        return any(is_raise_of_one(value, (after or {}).get(model)) for model, value in (before or {}).items())
    return True


def is_raise_of_one(before: Any, after: Any) -> bool:
    """The same for one model's entry."""
    old, new = as_limits(before), as_limits(after)
    return any(is_raise(field, old, new) for field in {*old, *new})


def as_limits(entry: Any) -> Mapping[str, Any]:
    """One model's entry as a limit set: it may be a plain number, or a mapping with `max_budget` and a period."""
    if isinstance(entry, Mapping):
        return entry
    return {"max_budget": entry} if isinstance(entry, int | float) else {}


def above_parent(child: Mapping[str, Any], parents: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """The fields of `child` that ask for more than a parent allows, each with a sentence (rulebook 14).

    `parents` are named limit sets, for example `("organization 'acme'", {...})`. Numbers are compared as they stand,
    whatever the budget durations.
    """
    errors: dict[str, str] = {}
    for name, parent in parents:
        for field in CAPPED_BY_PARENT:
            cap, asked = parent.get(field), child.get(field)
            if cap is not None and asked is not None and asked > cap:
                errors.setdefault(field, f"Must be at most what the {name} has ({shown(field, cap)}).")
        for field, model in per_model_above(child, parent):
            errors.setdefault(field, f"Must be at most what the {name} has for the model '{model}'.")
        if extra := outside(child.get("models"), parent.get("models")):
            errors.setdefault("models", f"The {name} does not have: {', '.join(extra)}.")
    return errors


def per_model_above(child: Mapping[str, Any], parent: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The limits of single models in which the child has more than the parent allows: field and model.

    A model that only one of them names is bound by that one.
    """
    for field in PER_MODEL:
        caps = parent.get(field) or {}
        for model, entry in (child.get(field) or {}).items():
            cap = as_limits(caps.get(model)).get("max_budget")
            asked = as_limits(entry).get("max_budget")
            if cap is not None and asked is not None and asked > cap:
                yield field, model


def shown(field: str, value: Any) -> str:
    from rbacadmin import money

    return money.show(value) if field.endswith("budget") else str(value)


def outside(models: list[str] | None, allowed: list[str] | None) -> list[str]:
    """The names in `models` that `allowed` does not cover: prefixes and groups are looked into (rulebook 23)."""
    if not models or not model_names.restricts(allowed) or set(models) <= set(allowed or ()):
        return []  # without a look at the groups
    return model_names.beyond(models, allowed, model_names.known_groups())


def effective(levels: Iterable[Mapping[str, Any]], field: str) -> Any:
    """The binding value of a numeric limit: the minimum over the levels that set one, or None."""
    return min((level[field] for level in levels if level.get(field) is not None), default=None)
