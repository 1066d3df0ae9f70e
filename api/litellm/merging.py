"""Merge-patch (RFC 7396): what is left out is kept, null clears, and objects are merged name by name."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from api.litellm.translate import columns
from api.litellm.types import Amount, Limits, ModelBudget
from api.types import Count, Named


class LimitsPatch(Limits):
    """Limits of which single names can be taken away: `{"model_rpm_limit": {"gpt-4": null}}`."""

    model_max_budget: Annotated[dict[Named, Amount | ModelBudget | None], Field(max_length=1000)] | None = None  # type: ignore[assignment]
    model_rpm_limit: Annotated[dict[Named, Count | None], Field(max_length=1000)] | None = None  # type: ignore[assignment]
    model_tpm_limit: Annotated[dict[Named, Count | None], Field(max_length=1000)] | None = None  # type: ignore[assignment]


def merged(before: Any, patch: Any) -> Any:
    """`before` with the patch applied. Nothing of either is changed in place."""
    if not isinstance(patch, Mapping):
        return patch
    found = dict(before) if isinstance(before, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found


def patched(row: Any, body: Limits, names: Mapping[str, str], *, leave: tuple[str, ...]) -> dict[str, Any]:
    """The columns that a merge-patch sets. The row must be locked: what it holds at this moment is merged into."""
    changes = columns(body, names, leave=leave)
    for model, entry in (body.model_max_budget or {}).items():
        if isinstance(entry, ModelBudget):
            cleared = {name: None for name in entry.model_fields_set if getattr(entry, name) is None}
            changes["model_max_budget"][model] |= cleared
    for name, column in names.items():
        if column in changes and isinstance(getattr(body, name, None), dict):
            changes[column] = merged(getattr(row, column), changes[column])
    return changes
