"""What new rows have where their creator says nothing, and the most that they may have: columns from settings.

Settings hold dollars and LiteLLM's names, rows nano-dollars.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rbacadmin import limits, money
from rbacadmin.config_file.shapes import Caps


def columns_of(caps: Caps | None) -> dict[str, Any]:
    """The limits that a setting gives, as columns; what it leaves out is not there."""
    if caps is None:
        return {}
    found = caps.model_dump(include={*limits.NUMBERS, "budget_duration", "models"}, exclude_none=True)
    if "max_budget" in found:
        found["max_budget"] = money.to_nano(found["max_budget"])
    return found


def fill(row: Any, caps: Caps | None, parents: Iterable[tuple[str, Mapping[str, Any]]] = ()) -> None:
    """Give a new row the limits that nobody chose, as far as its parents allow: a default is never a refusal.

    A budget's period comes with the budget: whoever chose one chose both.
    """
    above = [parent for _, parent in parents]
    found = columns_of(caps)
    if row.max_budget is not None or "max_budget" not in found:
        found.pop("budget_duration", None)
    for name, value in found.items():
        if getattr(row, name) not in (None, "", []):
            continue
        if name == "models":
            value = None if any(limits.outside(value, parent.get("models")) for parent in above) else value
        elif name in limits.CAPPED_BY_PARENT:
            value = min([value, *(parent[name] for parent in above if parent.get(name) is not None)])
        setattr(row, name, value)
