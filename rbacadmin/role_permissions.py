"""What `role_permissions` allow each role, by key, session and token alike (rulebook 22): models, routes, limits.

File and environment decide; else what is stored. The stored value is read again at most once a second, and at once
after a change in this process.
"""

import functools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from rbacadmin import money
from rbacadmin.config_file.shapes import RolePermission
from rbacadmin.models import Setting
from rbacadmin.policy.actions import Action

KEPT_FOR = 1.0  # seconds that another process's change may take (rulebook 24)

# The actions that a route of the dialects performs; the apps that know routes add theirs in `ready()`.
actions_of_routes: list[Callable[[Iterable[str]], Iterable[Action]]] = []
# What nobody loses: their own profile, password, second factor, sessions (as for rulebook 4), and asking why.
ALWAYS = frozenset({Action.CHANGE_PROFILE, Action.EXPLAIN_ACCESS})


@dataclass(frozen=True)
class Limits:
    """A role's default for people without limits of their own. Money is nano-dollars."""

    max_budget: int | None = None
    budget_duration: str = ""
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    max_parallel_requests: int | None = None


Permissions = tuple[RolePermission, ...]


class Stored:
    """The permissions of the settings table, kept for a moment."""

    def __init__(self) -> None:
        self.found: Permissions = ()
        self.read_at: float | None = None
        self.lock = threading.Lock()

    def now(self) -> Permissions:
        read_at = self.read_at
        if read_at is None or time.monotonic() - read_at >= KEPT_FOR:
            with self.lock:
                began = time.monotonic()
                row = Setting._default_manager.filter(pk="jwt").first()
                said = row.value.get("role_permissions", []) if row else []
                found = tuple(RolePermission.model_validate(one) for one in said)
                self.found, self.read_at = (self.found if found == self.found else found), began
        return self.found

    def forget(self) -> None:
        self.read_at = None


stored = Stored()


def permissions() -> Permissions:
    """All that are in force."""
    configured: list[RolePermission] = settings.ROLE_PERMISSIONS
    if configured or settings.SSO_ROLE_MAPPING or (settings.JWT_AUTH and settings.JWT_AUTH.role_mappings):
        return tuple(configured)  # the configuration decides the whole mapping
    return stored.now()


def of(role: str) -> RolePermission | None:
    """What a role may call, or None when nothing is said of it."""
    for one in permissions() if role else ():
        if one.role == role:
            return one
    return None


def limits_of(role: str) -> Limits:
    """The limits of a role's people who have none of their own."""
    found = of(role)
    if found is None:
        return Limits()
    budget = None if found.max_budget is None else money.to_nano(found.max_budget)
    return Limits(budget, found.budget_duration or "", found.tpm_limit, found.rpm_limit, found.max_parallel_requests)


def actions_cap(role: str) -> frozenset[Action] | None:
    """The actions that the role's routes perform: what its people may do through any door. None caps nothing."""
    found = of(role)
    return None if found is None or not found.routes else actions_of(tuple(found.routes))


@functools.cache
def actions_of(routes: tuple[str, ...]) -> frozenset[Action]:
    """What these routes do, and what nobody loses."""
    return ALWAYS | {action for read in actions_of_routes for action in read(routes)}
