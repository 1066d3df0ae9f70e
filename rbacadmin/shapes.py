"""What the JSON columns hold. The dialects' request models say it first; here it holds for every other door as well.

Asked from `clean()` and not by the columns' validators: those would stand in migrations.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from rbacadmin.limits import parse_duration
from rbacadmin.policy.actions import Action

MOST = 1000  # entries of one column
LONGEST = 255  # of a name
BIGGEST = 2**63 - 1  # what a number column holds
STARTING = ("max_budget", "budget_duration", "rpm_limit", "tpm_limit")

Check = Callable[[Any], None]


def names(value: Any) -> None:
    """A list of names; null where the column has it."""
    if value is None:
        return
    if not isinstance(value, list) or len(value) > MOST or not all(is_name(item) for item in value):
        raise ValidationError(f"Must be a list of at most {MOST} names, each a text of 1 to {LONGEST} characters.")


def is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST


def mapping(value: Any) -> None:
    """An object with anything in it."""
    if not isinstance(value, dict) or len(value) > MOST:
        raise ValidationError(f"Must be an object of at most {MOST} entries.")


def aliases(value: Any) -> None:
    """An object from names to names."""
    mapping(value)
    if not all(is_name(name) and is_name(item) for name, item in value.items()):
        raise ValidationError("Must be an object from names to names.")


def counts(value: Any) -> None:
    """An object from names to whole numbers, none below 0."""
    mapping(value)
    if not all(is_name(name) and is_count(item) for name, item in value.items()):
        raise ValidationError("Must be an object from names to whole numbers, none below 0.")


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= BIGGEST


def budgets(value: Any) -> None:
    """An object from model names to `{max_budget, budget_duration}`: nano-dollars and a period."""
    mapping(value)
    for name, entry in value.items():
        if not is_name(name) or not isinstance(entry, Mapping) or set(entry) - {"max_budget", "budget_duration"}:
            raise ValidationError(f"{name}: takes max_budget and budget_duration.")
        if "max_budget" in entry and not is_count(entry["max_budget"]):
            raise ValidationError(f"{name}: max_budget must be a whole number of nano-dollars, not below 0.")
        if "budget_duration" in entry:
            period(name, entry["budget_duration"])


def period(name: str, value: Any) -> None:
    try:
        parse_duration(value if isinstance(value, str) else "")
    except ValidationError as error:
        raise ValidationError(f"{name}: budget_duration: {error.messages[0]}") from error


def starting_limits(value: Any) -> None:
    """The limits that new members start with."""
    mapping(value)
    for name, item in value.items():
        if name not in STARTING:
            raise ValidationError(f"Takes {', '.join(STARTING)}.")
        if name == "budget_duration":
            period("member_defaults", item)
        elif not is_count(item):
            raise ValidationError(f"{name} must be a whole number, not below 0.")


def actions(value: Any) -> None:
    """A list of actions; null means all."""
    names(value)
    if unknown := sorted(set(value or ()) - set(Action.values)):
        raise ValidationError(f"Unknown: {', '.join(unknown)}.")


# Every JSON column that people write, by its name: one name means one thing in every table.
SHAPES: dict[str, Check] = {
    **dict.fromkeys(("models", "tags", "allowed_routes"), names),
    **dict.fromkeys(("metadata", "permissions", "preferences", "params", "info"), mapping),
    **dict.fromkeys(("aliases", "model_aliases"), aliases),
    **dict.fromkeys(("model_rpm_limit", "model_tpm_limit"), counts),
    "model_max_budget": budgets,
    "member_defaults": starting_limits,
    "actions": actions,
}


def check(values: Mapping[str, Any]) -> None:
    """Raise ValidationError, field by field, unless the JSON columns among these hold what they should."""
    errors: dict[str, list[str]] = {}
    for name in values.keys() & SHAPES.keys():
        try:
            SHAPES[name](values[name])
        except ValidationError as error:
            errors[name] = error.messages
    if errors:
        raise ValidationError(errors)


def check_row(row: Model) -> None:
    """The same for all columns of a row."""
    check({field.name: getattr(row, field.name) for field in row._meta.fields if field.name in SHAPES})
