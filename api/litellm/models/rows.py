"""Models as LiteLLM shows them, cut down to what the caller may read."""

from collections.abc import Sequence
from typing import Any

from api.litellm.shown import readable
from api.litellm.translate import record_of
from gateway.deployments import PRICES, RATES, stored
from gateway.models import CatalogModel, ModelAccessGroup
from gateway.params import MASK, price_shown
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

__all__ = ("MODELS", "PRICES", "model_row", "model_rows", "params_of", "stored")

MODELS = CatalogModel.objects.select_related("team", "project", "organization")


def model_rows(actor: Actor, models: Sequence[CatalogModel]) -> list[dict[str, Any]]:
    """Models, with the access groups that the caller sees. Needs the joins of MODELS."""
    allowed = readable(actor, models)
    seen = policy.visible(actor, Action.VIEW_ACCESS_GROUPS, ModelAccessGroup.objects.order_by("name"))
    groups = list(seen) if models else []
    return [model_row(row, allowed[row.pk], groups) for row in models]


def model_row(row: CatalogModel, allowed: frozenset[str], groups: list[ModelAccessGroup]) -> dict[str, Any]:
    record = record_of(row) if "created_at" in allowed else {}
    platforms = not (row.organization_id or row.team_id or row.project_id)
    info = {
        **(row.info if "info" in allowed else {}),
        "id": row.public_id,
        "db_model": row.source == "db",
        "blocked": row.blocked,
        "team_id": row.team.public_id if row.team else None,
        "project_id": row.project.public_id if row.project else None,
        "organization_id": row.organization.public_id if row.organization else None,
        "access_groups": [group.name for group in groups if platforms and row.name in group.models],
        **{name: price_shown(getattr(row, column)) for name, column in PRICES.items()},
        **record,
    }
    return {
        "model_id": row.public_id,
        "model_name": row.name,
        "litellm_params": params_of(row) if "params" in allowed else {},
        "model_info": info,
        "blocked": row.blocked,
        **record,
    }


def params_of(row: CatalogModel) -> dict[str, Any]:
    """The plain parameters; a credential is only said to be there."""
    masked = {"api_key": MASK} if row.credential else {}
    rates = {name: value for name, column in RATES.items() if (value := getattr(row, column)) is not None}
    return {**row.params, **masked, **rates}
