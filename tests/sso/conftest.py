"""A provider that runs, and the way there and back."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from rbacadmin.models import AuditEvent
from teams.models import User
from tests.factories import UserFactory
from tests.support import oidc
from tests.world import invited

SignIn = Callable[..., Any]


@pytest.fixture
def provider(identity_provider: oidc.Provider, settings: Any) -> oidc.Provider:
    server = identity_provider
    server.reset()
    server.person = {"sub": "acme-1", "email": "ann@example.com", "email_verified": True}
    settings.SOCIALACCOUNT_PROVIDERS = server.apps
    return server


def to_provider(client: Client, **sent: str) -> str:
    """Where the sign-in page leads."""
    page = client.post("/accounts/sso/", sent)
    assert page.status_code == 200, page.content
    found = re.search(r'content="0;url=([^"]+)"', page.text)
    assert found
    return unescape(found[1])


def way_back(address: str) -> str:
    """Where the provider sends the browser once the person has said yes there."""
    answer = requests.get(address, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


@pytest.fixture
def sign_in(db: None, provider: oidc.Provider) -> SignIn:
    """The whole way there and back; the answer to the last step."""

    def go(client: Client | None = None, **sent: str) -> Any:
        client = client or Client()
        return client.get(way_back(to_provider(client, **sent)))

    return go


def newcomer(**values: Any) -> User:
    """Somebody who was invited and has never been here."""
    user = UserFactory(email="ann@example.com", **values)
    user.set_unusable_password()
    user.save()
    invited(user)
    return user


def assert_refused(answer: Any, why: str) -> None:
    assert answer.status_code == 403, answer.content
    assert "You were not signed in" in answer.text
    assert "_auth_user_id" not in answer.wsgi_request.session
    event = AuditEvent.objects.filter(event="session.start").latest("created_at")
    assert (event.outcome, event.status) == (AuditEvent.Outcome.REFUSED, 401)
    assert why in event.details["why"], event.details
    assert oidc.SECRET not in str(event.details)
