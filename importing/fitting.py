"""Limits that are more than a parent allows: the other gateway lets them stand and lets the smaller one count.

Here a limit is never above its parent's (rulebook 14). Left out it inherits, so that the same number counts as before.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rbacadmin import limits, money
from rbacadmin.model_names import NO_MODELS

Parents = Iterable[tuple[str, Mapping[str, Any]]]


def fitted(values: Mapping[str, Any], parents: Parents, say: Callable[[str], None]) -> dict[str, Any]:
    """The values without what is above the parents; `say` hears of each in a sentence."""
    found, above = dict(values), list(parents)
    for name, problem in limits.above_parent(found, above).items():
        if name == "models":
            found["models"] = within(found["models"], above)
            kept = ", ".join(found["models"])
            say(f"models: {problem} Kept: {'none' if kept == NO_MODELS else kept}.")
        elif name in limits.PER_MODEL:
            found[name] = single(name, found[name], above)
            say(f"{name}: {problem} That model's limit is inherited.")
        else:
            del found[name]
            say(f"{name}: {problem} It is inherited.")
    soft, hard = found.get("soft_budget"), found.get("max_budget")
    if soft is not None and hard is not None and soft >= hard:
        del found["soft_budget"]
        say(f"soft_budget: {money.show(soft)} is not below the budget; left out.")
    return found


def within(models: list[str], parents: Parents) -> list[str]:
    """The models that every parent has too; none of them is no model, and not every model."""
    beyond = {name for _, parent in parents for name in limits.outside(models, parent.get("models"))}
    return [name for name in models if name not in beyond] or [NO_MODELS]


def single(name: str, entries: Mapping[str, Any], parents: Parents) -> dict[str, Any]:
    """A column of limits of single models, without the entries that are above a parent's."""
    above = {model for _, parent in parents for field, model in limits.per_model_above({name: entries}, parent)}
    return {model: entry for model, entry in entries.items() if model not in above}
