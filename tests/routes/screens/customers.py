"""Shared budgets and customers: of the platform, for those who run it and who audit it."""

from collections.abc import Callable

from django.urls import reverse

from tests.routes.rule import Rule, page, signed_in
from tests.world import World

POST_ONLY = signed_in(405)
ADMINS = {"proxy_admin": 200, "superuser": 200}


def of(name: str) -> Callable[[World], str]:
    """A page of the shared budget, or of the customer, of the cast."""
    return lambda world: reverse(name, args=[world.catalog[name.partition("-")[0]].pk])


RULES: dict[str, Rule] = {
    "ui/budgets/": page(403, auditor=200, **ADMINS),
    "ui/budgets/new/": page(403, **ADMINS),
    "ui/budgets/<uuid:pk>/": Rule(signed_in(404, auditor=200, **ADMINS), of("budget-detail")),
    "ui/budgets/<uuid:pk>/history/": Rule(signed_in(404, auditor=200, **ADMINS), of("budget-history")),
    "ui/budgets/<uuid:pk>/edit/": Rule(signed_in(404, auditor=403, **ADMINS), of("budget-edit")),
    "ui/budgets/<uuid:pk>/delete/": Rule(signed_in(404, auditor=403, **ADMINS), of("budget-delete")),
    "ui/customers/": page(403, auditor=200, **ADMINS),
    "ui/customers/new/": page(403, **ADMINS),
    "ui/customers/<uuid:pk>/": Rule(signed_in(404, auditor=200, **ADMINS), of("customer-detail")),
    "ui/customers/<uuid:pk>/history/": Rule(signed_in(404, auditor=200, **ADMINS), of("customer-history")),
    "ui/customers/<uuid:pk>/edit/": Rule(signed_in(404, auditor=403, **ADMINS), of("customer-edit")),
    "ui/customers/<uuid:pk>/block/": Rule(POST_ONLY, of("customer-block")),
    "ui/customers/<uuid:pk>/unblock/": Rule(POST_ONLY, of("customer-unblock")),
    "ui/customers/<uuid:pk>/delete/": Rule(signed_in(404, auditor=403, **ADMINS), of("customer-delete")),
}
