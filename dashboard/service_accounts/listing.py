"""How the service accounts of a project are listed: by their first keys, with all of their keys beside them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.keys.listing import KEYS
from dashboard.keys.listing import LISTING as KEY_LISTING
from dashboard.listing import Column, Listing
from keys.models import Key
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import User

LISTING: Listing[Key] = Listing(
    name="service-accounts",
    action=Action.LIST_KEYS,
    orders={"-created_at": gettext_lazy("Newest first"), "created_at": gettext_lazy("Oldest first")},
    columns=(Column("service_account", "user_id", lambda key: name_of(key)), *KEY_LISTING.columns),
    searched=("user__name",),
    prepare=KEY_LISTING.prepare,
)


class Account(NamedTuple):
    """A service account in a list. `user` is None for a key that never had an account of its own."""

    user: User | None
    label: str
    keys: Sequence[Any]


def name_of(key: Key) -> str:
    """What the account of a service key is called."""
    return (key.user.name if key.user is not None else "") or key.label


def accounts(actor: Actor, project: Project, firsts: Sequence[Key]) -> list[Account]:
    """The accounts that these keys stand for, with all of their keys, the oldest first. One query."""
    owners = [key.user_id for key in firsts if key.user_id]
    rows = KEYS.filter(project=project, kind=Key.Kind.SERVICE, user__in=owners).order_by("created_at", "pk")
    by_owner: dict[Any, list[Key]] = {}
    for key in policy.visible(actor, Action.LIST_KEYS, rows):
        by_owner.setdefault(key.user_id, []).append(key)
    return [Account(key.user, name_of(key) or _("service account"), by_owner.get(key.user_id, [key])) for key in firsts]
