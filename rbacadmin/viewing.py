"""Whose eyes a session looks through: an administrator may see the dashboard as somebody else, and only see."""

from copy import copy
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from rbacadmin.policy import Action, Actor, Origin, can
from rbacadmin.policy.actions import READS

VIEWED = "view_as"  # the id of the person, in the session
# Exports are on record as the work of whoever makes them, which would be the wrong person here.
SEEN = READS - {Action.EXPORT_AUDIT}
# What may be posted meanwhile: ending it, signing out, and the look of the pages.
OPEN = ("view-as-stop", "account_logout", "theme", "language")


def own_actor(request: HttpRequest, origin: Origin) -> Actor:
    """The person who signed in, whoever they look as."""
    user: Any = getattr(request, "user", None)  # None where a framework of its own decides who asks
    if user is None or not user.is_authenticated:
        return Actor.nobody(origin)
    return Actor.for_user(copy(user), origin)  # the person: `request.user` itself is lazy, and has no type


def actor_of(request: HttpRequest, origin: Origin) -> Actor:
    """The signed-in person, or the one as whom they look: with that person's rights of this moment, reads only."""
    own = own_actor(request, origin)
    pk = request.session.get(VIEWED) if hasattr(request, "session") else None
    if not pk:
        return own
    person: Any = get_user_model()._default_manager.filter(pk=pk, blocked_by="").first()
    if person is None or not can(own, Action.VIEW_AS, person):
        del request.session[VIEWED]  # they are gone, or the right to look is
        return own
    seen = Actor.for_user(person, origin)
    return replace(seen, label=f"{own.label} as {seen.label}", actions_cap=SEEN)


def is_viewing(request: HttpRequest) -> bool:
    """Whether this session looks through somebody else's eyes."""
    return bool(getattr(request, "session", {}).get(VIEWED))


def may_post(request: HttpRequest) -> bool:
    """Nothing is written while looking as somebody else."""
    match = request.resolver_match
    return not is_viewing(request) or request.method in ("GET", "HEAD", "OPTIONS") or (
        match is not None and match.url_name in OPEN
    )  # fmt: skip
