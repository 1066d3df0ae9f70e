"""The limits that a person's role gives them where they have none of their own (`role_permissions`, seed 002)."""

from copy import copy

from rbacadmin import role_permissions
from rbacadmin.role_permissions import Limits
from teams.models import User

RATES = ("tpm_limit", "rpm_limit", "max_parallel_requests")


def with_role_limits(person: User) -> User:
    """The person with the limits that bind their calls: their own, else their role's. Never to be saved.

    A budget comes with its period: whoever has one of their own keeps both.
    """
    limits = role_permissions.limits_of(person.platform_role)
    if limits == Limits():
        return person
    found = copy(person)
    for name in RATES:
        if getattr(found, name) is None:
            setattr(found, name, getattr(limits, name))
    if found.max_budget is None and limits.max_budget is not None:
        found.max_budget, found.budget_duration = limits.max_budget, limits.budget_duration
    return found
