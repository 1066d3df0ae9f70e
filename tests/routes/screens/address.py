"""Addresses of rows of the cast."""

from collections.abc import Callable

from django.urls import reverse

from teams.models import Membership
from tests.world import World


def url(name: str, *parts: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[getattr(world.here, part).pk for part in parts])


def key_url(name: str, key: str = "member_team") -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.here.keys[key].pk])


def membership_url(name: str) -> Callable[[World], str]:
    def path(world: World) -> str:
        colleague = Membership.objects.get(user=world.here.colleague, team=world.here.team)
        return reverse(name, args=[world.here.team.pk, colleague.pk])

    return path


def person_url(name: str, person: str = "colleague") -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.here.people[person].pk])
