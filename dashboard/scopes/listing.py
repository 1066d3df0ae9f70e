"""What lists of organizations and projects have in common."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboard.listing import Column, Filter
from rbacadmin import money
from rbacadmin.policy import Action

ORDERS = {
    "alias_key": _("By name"),
    "-created_at": _("Newest first"),
    "created_at": _("Oldest first"),
    "-updated_at": _("Last changed"),
}
STATES = (("active", _("active")), ("blocked", _("blocked")))
BUDGETS = (("own", _("with one of its own")), ("none", _("without one")))


def in_state(rows: Any, state: str) -> Any:
    return rows.exclude(blocked_by="") if state == "blocked" else rows.filter(blocked_by="")


def with_budget(rows: Any, which: str) -> Any:
    return rows.filter(max_budget__isnull=which == "none")


def filters(reads: Action) -> tuple[Filter, ...]:
    """By state and budget, for whoever may read those."""
    return (
        Filter("state", _("State"), STATES, in_state, reads),
        Filter("budget", _("Budget"), BUDGETS, with_budget, reads),
    )


def spent_usd(scope: Any) -> Any:
    """What was spent in the running period, as `with_spend` has put it there."""
    spend = getattr(scope, "spend", None)
    return money.to_number(spend.current) if spend else ""


LIMIT_COLUMNS = (
    Column("budget_usd", "max_budget", lambda scope: money.to_number(scope.max_budget)),
    Column("budget_period", "budget_duration", lambda scope: scope.budget_duration),
    Column("spent_usd", "spend", spent_usd),
    Column("models", "models", lambda scope: scope.models),
    Column("requests_a_minute", "rpm_limit", lambda scope: scope.rpm_limit),
    Column("tokens_a_minute", "tpm_limit", lambda scope: scope.tpm_limit),
    Column("blocked_by", "blocked_by", lambda scope: scope.blocked_by),
    Column("created", "created_at", lambda scope: scope.created_at),
)
