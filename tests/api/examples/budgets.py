"""Examples for /budget/*, /customer/* and /end_user/*."""

from typing import Any

READS: dict[str, str] = {
    "/budget/settings": "?budget_id={budget}",
    "/customer/info": "?end_user_id={customer}",
    "/end_user/info": "?end_user_id={customer}",
}
LIMITS = {"max_budget": 5, "budget_duration": "30d", "rpm_limit": 10, "model_max_budget": {"gpt-4o": 1.5}}
CUSTOMER = {"/new": {"user_id": "shopper-1", "alias": "Shopper", "budget_id": "{budget}", "blocked": True}}
CUSTOMER |= {
    "/update": {"user_id": "{customer}", "alias": "Shopper", "default_model": "gpt-4o", **LIMITS},
    "/delete": {"user_ids": ["{customer}"]},
    "/block": {"user_ids": ["{customer}", "not-known-yet"]},
    "/unblock": {"user_ids": ["{customer}"]},
}

WRITES: dict[str, dict[str, Any]] = {
    "/budget/new": {"budget_id": "small", **LIMITS},
    "/budget/update": {"budget_id": "{budget}", "max_budget": 7},
    "/budget/info": {"budgets": ["{budget}"]},
    "/budget/delete": {"id": "{budget}"},
    **{f"/customer{verb}": body for verb, body in CUSTOMER.items()},
    **{f"/end_user{verb}": body for verb, body in CUSTOMER.items()},
}
