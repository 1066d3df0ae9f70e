"""A real Chromium against a live server, with the cast in a database that each test has for itself."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect

from keys.models import Key
from tests import world as worlds
from tests.browser.console import Console
from tests.support.screens import session_for
from tests.world import World

PASSWORD = "correct horse battery staple"
PATIENCE = 20_000  # milliseconds that a busy machine may take for what comes in a tenth of a second
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast, committed, so that the server's own connections see it. Flushed again after the test."""
    if Key.objects.exists():  # the session's cast, made for tests in savepoints; after the first test it is gone
        call_command("flush", interactive=False, verbosity=0)
    return worlds.build()


@pytest.fixture
def console() -> Iterator[Console]:
    """What the pages of this test said in the console; anything that is not expected fails the test."""
    heard = Console()
    yield heard
    assert heard.unexpected() == []


@pytest.fixture
def browse(live_server: Any, world: World, new_context: Any, console: Console) -> Callable[..., Page]:
    """`browse("team_admin")`: a page of somebody of the cast who has signed in; `browse(None)`: of a stranger."""

    def open_page(name: str | None, **options: Any) -> Page:
        context: BrowserContext = new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        if name:
            context.add_cookies([{**session_for(getattr(world, name)), "url": live_server.url}])
        page = context.new_page()
        console.listen(page)
        return page

    return open_page


@pytest.fixture
def with_password(world: World) -> Callable[[str], str]:
    """Give somebody of the cast a password to sign in with; the answer is their address."""

    def give(name: str) -> str:
        user = getattr(world, name)
        user.set_password(PASSWORD)
        user.save()
        return str(user.email)

    return give


def exactly(text: str) -> re.Pattern[str]:
    """The whole text of an element, white space around it aside."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")
