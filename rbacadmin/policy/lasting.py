"""Nobody gives longer than they hold: the end of what is given lies within what lets its giver give it (rulebook 11).

There is no second list of rules for that. The check that a service asks anyway is asked again of the giver as they
will be: with only the roles and grants that last up to that moment. Ownership, the role on the platform and the
master key have no end, so they give for ever.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rbacadmin.errors import Outlives, PermissionDenied
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.ends import reaches


def until(actor: Actor, check: Callable[[Actor], Any]) -> datetime | None:
    """Until when the actor passes the check, at the latest; None is for ever.

    `check` raises PermissionDenied for who does not pass, the actor of now included. It is asked but once of whoever
    holds nothing with an end. By several ways the one that lasts longest counts.
    """
    check(actor)
    moments = sorted(actor.moments(), reverse=True)  # after the check: what it did not ask for did not let them pass
    if not moments:
        return None
    for moment in (None, *moments[:-1]):
        try:
            check(actor.at(moment))
        except PermissionDenied:
            continue
        return moment
    return moments[-1]  # until the first of it ends they are who they are now


def require_within(latest: datetime | None, end: datetime | None, obj: Any = None) -> None:
    """Raise Outlives unless what ends at `end` (None: never) is over by `latest`, which `until` gave."""
    if latest is not None and not reaches(latest, end):
        raise Outlives(latest, obj=obj)


def end_within(latest: datetime | None, values: Mapping[str, Any], obj: Any = None) -> datetime | None:
    """The end of something new: the one asked for, else the latest that its giver can give. Raises Outlives.

    An `expires_at` among the values is asked for, also as None, which is never.
    """
    if "expires_at" not in values:
        return latest
    require_within(latest, values["expires_at"], obj)
    end: datetime | None = values["expires_at"]
    return end
