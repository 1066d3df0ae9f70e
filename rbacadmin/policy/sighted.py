"""What people may do, cut to the rows that whoever asks can see: nobody hears of others through a count."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.difference import COMPARED, Holdings
from rbacadmin.policy.engine import sees_all, visible


def seen(asker: Actor, *, at_this_moment: bool = False) -> dict[str, frozenset[Any]]:
    """The rows of each kind that somebody can see: nothing else is counted for them. A query for each kind.

    Kinds of which they see everything are left out: there is nothing to cut. Not so when what counts is
    `at_this_moment`: rows that come later are cut then.
    """
    known: dict[str, Any] = {label: apps.get_model(label) for label in COMPARED}
    return {
        label: frozenset(
            visible(asker, model.view_action, model._default_manager.order_by()).values_list("pk", flat=True)
        )
        for label, model in known.items()
        if at_this_moment or not sees_all(asker, model.view_action)
    }


def signing_in(asker: Actor, people: QuerySet[Any]) -> QuerySet[Any]:
    """Those of these people of whom somebody hears how they sign in, as far as a list goes.

    Oneself, those whose sessions one may end, and everybody for who sees all people anyway.
    """
    if sees_all(asker, Action.VIEW_PEOPLE):
        return people
    mine = Q(pk=asker.user_id) if asker.user_id else Q(pk__in=[])
    return people.filter(Q(pk__in=visible(asker, Action.REVOKE_SESSIONS, people).values("pk")) | mine)


def within(held: Holdings, rows: Mapping[str, frozenset[Any]]) -> Holdings:
    """What is held, without the rows that are not among these."""
    cut = {pair: ids & rows[pair[0]] if pair[0] in rows else ids for pair, ids in held.items()}
    return {pair: ids for pair, ids in cut.items() if ids}
