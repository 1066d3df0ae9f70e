"""What new keys have where nobody says (`default_key_generate_params`), and the most that any key may have
(`upperbound_key_generate_params`), whoever makes or changes it.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from keys.models import Key
from rbacadmin import money
from rbacadmin.config_file.shapes import KeyDefaults, UpperBounds
from rbacadmin.defaults import columns_of, fill
from rbacadmin.limits import CAPPED_BY_PARENT, parse_duration

MINUTE = timedelta(minutes=1)  # between a client's clock and ours
WHO = "upperbound_key_generate_params"
DEFAULTS = "default_key_generate_params"


def give_defaults(key: Key, parents: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """What nobody chose for a new key (`default_key_generate_params`), as far as parents and bounds allow.

    A default is never a refusal: one that would be more than the bounds allow for the time is left out.
    """
    defaults: KeyDefaults | None = settings.KEY_DEFAULTS
    if defaults is None or key.kind in (Key.Kind.GATEWAY, Key.Kind.TERMINAL):
        return
    before = {name: getattr(key, name) for name in ("max_budget", "budget_duration")}
    bounds: UpperBounds | None = settings.KEY_BOUNDS
    most = columns_of(bounds)
    bound = {"models": None, **{name: most.get(name) for name in CAPPED_BY_PARENT}}
    fill(key, defaults, [*parents, (WHO, bound)])
    beyond = bool(bounds and period_beyond(key, bounds, most))
    if beyond or (key.soft_budget is not None and key.max_budget is not None and key.soft_budget >= key.max_budget):
        for name, value in before.items():
            setattr(key, name, value)
    if defaults.duration and key.expires_at is None:
        lives = parse_duration(defaults.duration)
        if bounds and bounds.duration:
            lives = min(lives, parse_duration(bounds.duration))
        key.expires_at = timezone.now() + lives


def hold(key: Key, parents: Iterable[tuple[str, Mapping[str, Any]]], changed: Iterable[str] | None = None) -> None:
    """Keep a key within the bounds: what is left out becomes the bound, what is more is refused.

    `changed` are the columns to look at; None is a new key, of which all count. Raises ValidationError by field.
    """
    bounds: UpperBounds | None = settings.KEY_BOUNDS
    if bounds is None:
        return
    looked_at = None if changed is None else set(changed)

    def looks(*names: str) -> bool:
        return looked_at is None or bool(looked_at & set(names))

    most, errors = columns_of(bounds), dict[str, str]()
    for name in CAPPED_BY_PARENT:
        asked, bound = getattr(key, name), most.get(name)
        if bound is not None and asked is not None and asked > bound and looks(name):
            shown = money.show(bound) if name == "max_budget" else bound
            errors[name] = f"Must be at most {shown} ({WHO})."
    if looks("max_budget", "budget_duration") and "max_budget" not in errors:
        errors |= period_beyond(key, bounds, most)
    if looks("expires_at") and bounds.duration:
        latest = timezone.now() + parse_duration(bounds.duration)
        if key.expires_at is None:
            key.expires_at = latest
        elif key.expires_at > latest + MINUTE:
            errors["expires_at"] = f"A key lives for {bounds.duration} at most ({WHO})."
    if errors:
        raise ValidationError(errors)
    if looks(*CAPPED_BY_PARENT, "budget_duration"):
        fill(key, bounds, parents)
        if errors := period_beyond(key, bounds, most):  # a period of their own, with the budget that was filled in
            raise ValidationError(errors)


def within(key: Key, changes: dict[str, Any], parents: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """The changes as they stay within the bounds: what they clear becomes the bound. Raises ValidationError."""
    if settings.KEY_BOUNDS is None:
        return changes
    after = copy(key)
    for name, value in changes.items():
        setattr(after, name, value)
    hold(after, parents, changes)
    bounded = {*CAPPED_BY_PARENT, "budget_duration", "expires_at"}
    return {name: getattr(after, name) if name in bounded else value for name, value in changes.items()}


def period_beyond(key: Key, bounds: UpperBounds, most: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a budget's period: longer than the bound, or so short that it makes more money of it."""
    if not bounds.budget_duration:
        return {}
    longest = parse_duration(bounds.budget_duration)
    if key.budget_duration and parse_duration(key.budget_duration) > longest:
        return {"budget_duration": f"Must be at most {bounds.budget_duration} ({WHO})."}
    if "max_budget" not in most or key.max_budget is None or not key.budget_duration:
        return {}
    own = parse_duration(key.budget_duration)
    if key.max_budget * int(longest.total_seconds()) > most["max_budget"] * int(own.total_seconds()):
        allowed = f"{money.show(most['max_budget'])} for {bounds.budget_duration}"
        return {"max_budget": f"Must not be more money for the time than {allowed} ({WHO})."}
    return {}
