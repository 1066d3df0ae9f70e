"""Setting what was spent in the running period back (TEA-10, KEY-30). What was spent in a lifetime stays."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from gateway.budgets.in_force import with_budgets
from gateway.models import Spend
from rbacadmin import audit, money, policy
from rbacadmin.periods import has_elapsed
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service

# Whose spend can be reset, and by whom. An organization's is not among them: its admin would lift its own cap.
ACTIONS = {
    "key": Action.RESET_KEY_SPEND,
    "team": Action.RESET_SPEND,
    "project": Action.RESET_SPEND,
    "membership": Action.RESET_SPEND,
    "customer": Action.MANAGE_CUSTOMERS,
}
NOUNS = {"membership": "member"}


@service
def reset_spend(actor: Actor, row: Any, *, to: int = 0) -> Any:
    """Set what a key, team, project or member has spent in the running period to `to` nano-dollars.

    Only ever down: `to` is at most what was spent. Raises PermissionDenied, ValidationError ("spend"). Nothing changed
    means nothing recorded.
    """
    kind = row._meta.model_name
    policy.require(actor, ACTIONS[kind], row)
    now = timezone.now()
    spend = Spend.objects.select_for_update().filter(object_id=row.pk).first()
    elapsed = spend is not None and has_elapsed(with_budgets([row])[0], spend.period_start, now)
    current = 0 if spend is None or elapsed else spend.current
    if not 0 <= to <= current:
        raise ValidationError({"spend": f"Must be between 0 and what was spent ({money.show(current)})."})
    if spend is None or to == current:
        return row
    spend.current = to
    spend.save(update_fields=["current"])
    audit.record(actor, f"{NOUNS.get(kind, kind)}.spend_reset", row, changed={"spend": [current, to]})
    return row
