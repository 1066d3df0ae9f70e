"""What a recorded change means for callers in memory: who is forgotten.

In the process that made it, when its transaction is committed and before its answer is given; in others, when their
listener reads it (`listening.py`).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from gateway.admission import customers, evict
from gateway.admission.purse import ask_again
from gateway.ledger.connecting import connected
from teams.models import Membership

OF_SOME = frozenset({"key", "user", "team", "project", "organization", "membership"})
OF_CUSTOMERS = "customer"
OF_EVERYBODY = frozenset({"budget", "catalogmodel", "modelaccessgroup", "setting"})


def forget_changed(kind: str, object_id: str, row: Any) -> None:
    """A change that this process made is in the database."""
    if kind in OF_SOME:
        forget({UUID(object_id)} | ({row.user_id} if isinstance(row, Membership) else set()))
    elif kind in OF_EVERYBODY:
        evict.evict_all()
    elif kind == OF_CUSTOMERS:
        forget_customers({UUID(object_id)})


def heard(changes: Iterable[tuple[str, str]]) -> None:
    """Changes of any process: kind and id. A membership that is new here is part of its person's callers."""
    found = list(changes)
    if any(kind in OF_EVERYBODY for kind, _ in found):
        evict.evict_all()
    if ends := {UUID(object_id) for kind, object_id in found if kind == OF_CUSTOMERS}:
        forget_customers(ends)
    ids = {UUID(object_id) for kind, object_id in found if kind in OF_SOME}
    memberships = [UUID(object_id) for kind, object_id in found if kind == "membership"]
    if memberships:
        ids |= connected(lambda: set(Membership.objects.filter(pk__in=memberships).values_list("user_id", flat=True)))
    if ids:
        forget(ids)


def forget_customers(ids: set[UUID]) -> None:
    customers.forget()
    ask_again(ids)


def forget(ids: set[UUID]) -> None:
    evict.evict(ids)
    ask_again(ids)
