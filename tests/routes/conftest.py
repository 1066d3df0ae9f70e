"""Clients of everybody who walks the routes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from teams.models import User
from tests.factories import KeyFactory
from tests.routes.table import RULES
from tests.world import World

Walker = Callable[[str, str], tuple[Client, dict[str, Any]]]


@pytest.fixture
def world(db: None) -> World:
    return World.built  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def walker(world: World) -> Walker:
    """`walker(persona, route)`: a client, and the headers to send; dialects are called with a key."""
    superuser = User.objects.create_superuser("superuser@example.com")
    key = KeyFactory(user=superuser).secret

    def person(name: str) -> User:
        if name == "superuser":
            return superuser
        return world.there.people["member"] if name == "there_member" else getattr(world, name)

    def client_of(persona: str, route: str) -> tuple[Client, dict[str, Any]]:
        client = Client()
        if persona == "anonymous":
            return client, {}
        if RULES[route].session:
            client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person(persona))
            return client, {}
        secret = key if persona == "superuser" else world.secrets[persona]
        return client, {"Authorization": f"Bearer {secret}"}

    return client_of


def session_of(user: User) -> str:
    """The key of a session as signing in leaves it, without what signing in records: a test walks with a dozen."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
