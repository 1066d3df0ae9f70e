"""Which budgets the calls of a batch count against: the periods of rows, and their budgets for single models."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from gateway.budgets.in_force import with_budgets
from gateway.ledger.terms import Terms, id_for_model, kind_for_model, terms_of, terms_of_model
from gateway.ledger.usage import Counted
from gateway.models import HOLDERS, Customer
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin.slices import slices
from teams.models import Membership, Team, User

MODELS: dict[str, Any] = {
    "key": Key,
    "user": User,
    "membership": Membership,
    "team": Team,
    "project": Project,
    "organization": Organization,
    "customer": Customer,
}
SHARED = ("max_budget", "soft_budget", "budget_duration", "model_max_budget")  # what a shared budget can say
COLUMNS = (*SHARED, "budget_started_at", "created_at")


def limited_rows(counted: Iterable[Counted]) -> dict[UUID, Any]:
    """The rows among these whose budget has a period, or that have budgets for single models.

    What they leave open, the shared budgets that they hold say.
    """
    by_kind: dict[str, list[UUID]] = {}
    for kind, pk in counted:
        if kind in MODELS:
            by_kind.setdefault(kind, []).append(pk)
    found: dict[UUID, Any] = {}
    for kind, ids in by_kind.items():
        of_their_own = ~Q(budget_duration="") | ~Q(model_max_budget={})
        if kind in HOLDERS:
            of_their_own |= Q(budget_held__isnull=False)
        rows = (
            MODELS[kind]
            ._default_manager.filter(of_their_own)
            .only("pk", *COLUMNS, "temp_budget_increase", "temp_budget_until")
        )
        for some in slices(ids):
            found |= {row.pk: row for row in with_budgets([*rows.filter(pk__in=some)], SHARED)}
    return found


def budgets_of(kind: str, pk: UUID, model: str, row: Any) -> list[tuple[str, UUID, Terms | None]]:
    """The Spend rows that a call of the model counts in, for one thing that it counts for: kind, id, terms."""
    if row is None:
        return [(kind, pk, None)]
    found: list[tuple[str, UUID, Terms | None]] = [(kind, pk, terms_of(row))]
    if terms := terms_of_model(row, model):
        found.append((kind_for_model(kind), id_for_model(pk, model), terms))
    return found
