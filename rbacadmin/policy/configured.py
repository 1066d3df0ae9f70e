"""Caps of roles that an installation has configured (`role_permissions`). They only ever take away (rulebook 22).

The policy knows no configuration: whoever reads it appends a function here.
"""

from collections.abc import Callable

from rbacadmin.policy.actions import Action

# Platform role, or role of a token -> the actions that it keeps; None for no cap.
caps: list[Callable[[str], frozenset[Action] | None]] = []


def forbids(role: str, action: Action) -> bool:
    """Whether the configuration takes the action from everybody of the role."""
    for cap in caps if role else ():
        kept = cap(role)
        if kept is not None and action not in kept:
            return True
    return False
