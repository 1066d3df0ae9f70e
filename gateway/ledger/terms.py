"""What a budget says: how much, for how long, and what was added for a while."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from rbacadmin.limits import as_limits
from rbacadmin.periods import Period, period_at

PER_MODEL = "model"  # the last part of the kind of a Spend row that counts one model only


class Terms(NamedTuple):
    """The terms of a budget. Money is nano-dollars; `limit` None counts and never refuses."""

    limit: int | None
    duration: str = ""
    began: datetime | None = None
    soft: int | None = None
    extra: int = 0
    extra_until: datetime | None = None

    def limit_at(self, now: datetime) -> int | None:
        """The budget with what was added for a while."""
        if self.limit is None:
            return None
        return self.limit + (self.extra if self.extra_until is not None and self.extra_until > now else 0)

    def period(self, now: datetime) -> Period | None:
        """The period in which `now` lies; None when the budget is for good."""
        return period_at(self.duration, now, self.began)


def began(row: Any) -> datetime | None:
    """What anchors the periods of a row that no calendar does."""
    found: datetime | None = row.budget_started_at or getattr(row, "created_at", None)
    return found


def terms_of(row: Any) -> Terms:
    """The budget of a row with limits: a key, membership, team, project, organization or person."""
    return Terms(
        row.max_budget,
        row.budget_duration,
        began(row),
        row.soft_budget,
        row.temp_budget_increase or 0,
        row.temp_budget_until,
    )


def terms_of_model(row: Any, model: str) -> Terms | None:
    """The budget that a row has for one model, by the model's own name; None when it names none.

    An entry without a period of its own follows the row's.
    """
    entry: Mapping[str, Any] = as_limits(row.model_max_budget.get(model))
    limit = entry.get("max_budget")
    if limit is None:
        return None
    return Terms(limit, entry.get("budget_duration") or row.budget_duration, began(row))


def kind_of(row: Any) -> str:
    """The kind under which a row's spend is counted."""
    return str(row._meta.model_name)


def id_for_model(object_id: UUID, model: str) -> UUID:
    """The id under which the spend of a row with one model is counted."""
    return uuid.uuid5(object_id, model)


def kind_for_model(kind: str) -> str:
    return f"{kind}:{PER_MODEL}"


def moment(now: float) -> datetime:
    """Seconds since 1970 as the moment that they are."""
    return datetime.fromtimestamp(now, UTC)
