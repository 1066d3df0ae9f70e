"""Single sign-on in a real browser, under the shipped content security policy."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import UserFactory
from tests.support import oidc
from tests.world import World, invited

pytestmark = pytest.mark.browser


@pytest.fixture
def provider(settings: Any, identity_provider: oidc.Provider) -> oidc.Provider:
    identity_provider.reset()
    settings.SOCIALACCOUNT_PROVIDERS = identity_provider.apps
    return identity_provider


@pytest.mark.parametrize("javascript", [True, False])
def test_a_newcomer_signs_in_by_the_provider(browse: Callable, world: World, provider: oidc.Provider, javascript: bool):
    user = UserFactory(email="ann@example.com")
    user.set_unusable_password()
    user.save()
    invited(user)
    provider.person = {"sub": "acme-1", "email": "ann@example.com", "email_verified": True}
    page = browse(None, java_script_enabled=javascript)
    page.goto("/ui/keys/")
    page.get_by_role("button", name="Sign in with Acme ID").click()
    expect(page).to_have_url(re.compile(r"/ui/keys/$"))
    expect(page.get_by_role("button", name="Account of ann@example.com")).to_be_visible()


def test_somebody_unknown_is_told_what_to_do(browse: Callable, world: World, provider: oidc.Provider):
    provider.person = {"sub": "acme-2", "email": "bob@example.com", "email_verified": True}
    page = browse(None)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with Acme ID").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You were not signed in")
