"""All managed rows as one value, to see that a refusal changed nothing."""

from typing import Any

from django.apps import apps
from django.db.models import Model

from rbacadmin.models import Change

LABELS = (
    *("orgs.Organization", "orgs.Project", "teams.Team", "teams.User", "teams.Membership", "keys.Key"),
    *("orgs.OrganizationGrant", "orgs.ProjectGrant", "teams.TeamGrant", "teams.Invitation"),
    *("auth.Group", "rbacadmin.Archived"),
)
IGNORED = {"last_used_at", "last_login"}  # noticed, not managed

Snapshot = dict[str, list[tuple[Any, ...]]]


def snapshot() -> Snapshot:
    """Every managed row, by model, as plain values."""
    found = {label: rows_of(apps.get_model(label)) for label in LABELS}
    return {**found, "changes": [(Change.objects.count(),)]}


def rows_of(model: type[Model]) -> list[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in IGNORED]
    return list(model._default_manager.order_by("pk").values_list(*names))


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    """The models whose rows differ, for messages."""
    return [label for label in before if before[label] != after[label]]
