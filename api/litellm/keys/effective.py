"""What binds the calls of a key, cut down to what the caller may read of each level."""

from collections.abc import Iterable
from typing import Any

from api.litellm.translate import MONEY, stamp
from gateway.effective import Bound, Effective, effective_for_key, readers
from gateway.levels import Level
from keys.models import Key
from rbacadmin import money
from rbacadmin.policy import Actor


def limits_of(actor: Actor, key: Key) -> dict[str, Any]:
    """Who may not read a level's numbers is told which level it is, and no more."""
    found = effective_for_key(key)
    readable = readers(actor, concerned(found))
    return {
        "limits": {name: bound_row(name, bound, readable[bound.level.kind]) for name, bound in found.bounds.items()},
        "models": found.models,
        "models_cut_by": [level.kind for level in found.cut_by],
        "warnings": [
            {"level": w.level.kind, "field": w.field, "message": f"Above what the {w.parent} allows: that counts."}
            for w in found.warnings
            if w.field in readable[w.level.kind]
        ],
    }


def concerned(found: Effective) -> Iterable[Level]:
    """The levels that the answer names, each once."""
    levels: dict[str, Level] = {bound.level.kind: bound.level for bound in found.bounds.values()}
    levels |= {level.kind: level for level in found.cut_by} | {w.level.kind: w.level for w in found.warnings}
    return levels.values()


def bound_row(name: str, bound: Bound, allowed: frozenset[str]) -> dict[str, Any]:
    if name not in allowed:
        return {"level": bound.level.kind}
    row: dict[str, Any] = {"level": bound.level.kind, "value": shown(name, bound.value)}
    if bound.left is not None:
        row["budget_reset_at"] = stamp(bound.resets_at)
        if "spend" in allowed:
            row |= {"spend": shown(name, bound.spent), "remaining": shown(name, bound.left)}
    return row


def shown(name: str, value: int | None) -> float | None:
    return money.to_number(value) if name in MONEY else value
