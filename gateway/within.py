"""Which models can be called from a place: what all lists there cover, and what its scopes brought themselves."""

from collections.abc import Iterable, Sequence

from gateway.effective import callable_of
from gateway.levels import Level
from gateway.models import CatalogModel
from rbacadmin.model_names import Groups, common


def open_within(models: Iterable[CatalogModel], levels: Sequence[Level], groups: Groups) -> list[CatalogModel]:
    """Those of these models that calls bound by the levels may name. No query."""
    found = list(models)
    covered = common([level.models for level in levels], groups)
    own = {row.pk for row, _names in callable_of(filter(is_brought, found), levels, groups)}
    return [row for row in found if (row.pk in own if is_brought(row) else covered.meets(row.name))]


def is_brought(model: CatalogModel) -> bool:
    """Whether a team, project or organization brought it; the others are the platform's."""
    return bool(model.organization_id or model.team_id or model.project_id)
