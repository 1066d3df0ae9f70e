"""Addresses of rows of the cast."""

from collections.abc import Callable

from django.urls import reverse

from teams.models import Membership
from tests.world import World


def url(name: str, *parts: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[getattr(world.here, part).pk for part in parts])


def key_url(name: str, key: str = "member_team") -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.here.keys[key].pk])


def membership_url(name: str, kind: str = "team") -> Callable[[World], str]:
    """Of somebody who is in the scope of this kind."""

    def path(world: World) -> str:
        scope = getattr(world.here, kind)
        someone = Membership.objects.filter(group=scope.group).order_by("created_at")[0]
        return reverse(name, args=[scope.pk, someone.pk])

    return path


def shared_url(name: str, kind: str) -> Callable[[World], str]:
    """Of a team with which the scope is not shared."""
    return lambda world: reverse(name, args=[getattr(world.here, kind).pk, world.here.other_team.pk])


def person_url(name: str, person: str = "colleague") -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.here.people[person].pk])
