"""What the style guide shows: components in every state, out of no row of anybody's."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from dashboard.access.binding import Binding, Shift
from dashboard.charts import draw
from dashboard.limits import KINDS, NAMES, Cell, Limits, Step
from dashboard.limits import Binding as Binds
from dashboard.spending import Spending
from rbacadmin.money import NANO

SPENT, BUDGET, OVER = 62 * NANO, 100 * NANO, 104 * NANO


def step(kind: str, name: str, **cells: dict[str, Any]) -> Step:
    """A level with these limits; the others are none of its own."""
    return Step(kind, KINDS[kind], name, "", [Cell(limit, NAMES[limit], **cells.get(limit, {})) for limit in NAMES])


def limits() -> Limits:
    """The panel of limits in every state: bound, not bound, hidden, idle, near and over a budget, and a warning."""
    now = timezone.now()
    levels = [
        step("key", "ci-pipeline", max_budget={"value": BUDGET, "spend": Spending(SPENT, BUDGET, now)}),
        step("member", "", tpm_limit={"value": 20_000}, models={"value": ["gpt-4o", "claude"]}),
        step("team", "ai-team", max_budget={"value": BUDGET, "binds": True, "spend": Spending(OVER, BUDGET, now)},
             rpm_limit={"value": 60, "binds": True}),
        step("organization", "Acme", max_budget={"hidden": True}, tpm_limit={"hidden": True, "binds": True}),
        step("user", "ada@acme.example", max_budget={"idle": True}, models={"idle": True}),
    ]  # fmt: skip
    bindings = [
        Binds("max_budget", NAMES["max_budget"], levels[2], False, BUDGET, 0, now + timedelta(days=9)),
        Binds("rpm_limit", NAMES["rpm_limit"], levels[2], False, 60),
        Binds("tpm_limit", NAMES["tpm_limit"], levels[3], True, 0),
    ]
    return Limits(levels, bindings, ["claude", "gpt-4o"], ["Team: its budget is above what the organization allows."])


def unbound() -> Limits:
    """The same where nothing is set anywhere, and no model can be called."""
    return Limits([step("key", "fresh"), step("organization", "Acme")], [], [])


def binding() -> Binding:
    """What will change: somebody bound more tightly, somebody less, and more than were looked at."""
    shifts = [
        Shift(
            "rpm_limit", NAMES["rpm_limit"], "100, set by: Team", "60, set by: Team", 12, 4, ["ci-pipeline", "batch"]
        ),
        Shift("models", NAMES["models"], "claude, gpt-4o", "all of the platform", 1, 0, ["fresh"]),
    ]
    return Binding(shifts, 1_012, 4, 12)


def guide() -> dict[str, Any]:
    """Everything that the page of the style guide needs."""
    today = timezone.now().date()
    sample = {today - timedelta(days=ago): (ago * 7 % 11) * NANO for ago in range(20)}
    return {
        "chart": draw(sample, today),
        "empty_chart": draw({}, today),
        "limits": limits(),
        "unbound": unbound(),
        "binding": binding(),
        "matrix": [
            SimpleNamespace(action="Team: create", cells=["allow", "own", "deny"]),
            SimpleNamespace(action="Key: change one's own", cells=["allow", "allow", "own"]),
        ],
    }
