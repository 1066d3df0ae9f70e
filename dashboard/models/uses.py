"""Who names a model or an access group in their list, as far as one may read those lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from gateway.models import CatalogModel
from gateway.uses import seen_naming
from rbacadmin.policy import Actor

SHOWN = 12
JOINS = {"membership": ("user", "team", "project", "organization")}


@dataclass(frozen=True)
class Use:
    """Rows of one kind: their name and page. `more` says that there are others."""

    kind: str
    rows: Sequence[tuple[str, str]]
    more: bool


def uses_of(actor: Actor, name: str, owner: CatalogModel | None = None) -> list[Use]:
    """The uses, kind by kind. Those of a scope's own model are within that scope. 2 queries for each kind."""
    found = []
    for users in seen_naming(actor, name):
        rows = list(within(users, owner).select_related(*JOINS.get(users.model._meta.model_name or "", ()))
                    .order_by("pk")[: SHOWN + 1])  # fmt: skip
        if rows:
            named = [(label(row), address(row)) for row in rows[:SHOWN]]
            found.append(Use(str(users.model._meta.verbose_name_plural), named, len(rows) > SHOWN))
    return found


def within(users: QuerySet[Any], owner: CatalogModel | None) -> QuerySet[Any]:
    """The rows in the scope that brought the model; all of them for the platform's."""
    for kind in ("team", "project", "organization"):
        if owner is not None and (pk := getattr(owner, f"{kind}_id")):
            column = getattr(users.model, "scope_columns", {}).get(kind)
            return users.filter(**{column: pk}) if column else users.none()
    return users


def label(row: Any) -> str:
    if row._meta.model_name == "membership":
        place = row.team or row.project or row.organization
        return f"{row.user.label} ({place.label})" if place else str(row.user.label)
    return str(row.label)


def address(row: Any) -> str:
    """The page of a row; that of a membership is its scope's."""
    if row._meta.model_name == "membership":
        row = row.team or row.project or row.organization
        if row is None:
            return ""
    names = {"user": "person"}
    kind = row._meta.model_name
    return reverse(f"{names.get(kind, kind)}-detail", args=(row.pk,))
