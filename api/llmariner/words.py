"""Between LLMariner's words and ours: enum names, and times as strings of unix seconds."""

import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from rbacadmin.policy.roles import LEADING_ROLE

# The words for roles in a scope: the leading one's, and everybody else's.
LEADING = dict.fromkeys(LEADING_ROLE.values(), "OWNER")
OTHERS = {"organization": "READER", "project": "MEMBER"}


def enum_of(kind: str, role: str) -> str:
    """`ORGANIZATION_ROLE_OWNER` for an organization's admin; everybody else there is a reader."""
    return f"{kind.upper()}_ROLE_{LEADING.get(role, OTHERS[kind])}"


def word_of(kind: str, name: str | None) -> str:
    """The word for a role behind an enum's name, or a bare word in any case. Raises ValidationError for all others."""
    word = (name or "").strip().upper().removeprefix(f"{kind.upper()}_ROLE_")
    words = ("OWNER", OTHERS[kind])
    if word not in words:
        accepted = ", ".join(f"{kind.upper()}_ROLE_{known}" for known in words)
        raise ValidationError({"role": f"'{name or ''}' is no role of a {kind} here. Accepted: {accepted}."})
    return word.lower()


def seconds(moment: datetime | None) -> str:
    """A time as an int64 of JSON: unix seconds in a string; "0" where it is not known."""
    return str(int(moment.timestamp())) if moment else "0"


def snake(name: str) -> str:
    """`isServiceAccount` -> `is_service_account`."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: f"_{found.group().lower()}", name)


def snaked(value: Any) -> Any:
    """The value with every name in snake_case. Raises ValidationError when one field stands there in both spellings."""
    if isinstance(value, list):
        return [snaked(item) for item in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for name, item in value.items():
        if (known := snake(name)) in found:
            raise ValidationError({known: "Stands there in both spellings; name it once."})
        found[known] = snaked(item)
    return found


def masked_fields(mask: str, known: tuple[str, ...]) -> list[str]:
    """The fields that an `update_mask` names. Raises ValidationError for none and for others."""
    named = [snake(path.strip()) for path in mask.split(",") if path.strip()]
    if not named or set(named) - set(known):
        raise ValidationError({"update_mask": f"Names what to change, separated by commas: {', '.join(known)}."})
    return list(dict.fromkeys(named))
