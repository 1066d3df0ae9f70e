"""Gives pytest-playwright a Chromium from this machine or from npm. Registered by `tests.support.plugin`."""

import os

import pytest

from tests.support import chromium


def pytest_collection_finish(session: pytest.Session) -> None:
    """Prepare the process for Playwright, if any test here needs it."""
    if any(item.get_closest_marker("browser") for item in session.items):
        # Playwright's synchronous API runs an event loop in this thread, which Django takes for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        if node := chromium.node_for_playwright():
            os.environ["PLAYWRIGHT_NODEJS_PATH"] = node


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Start the Chromium that was found, cut off from everything but this machine."""
    found = chromium.find()
    return {
        **browser_type_launch_args,
        "executable_path": found.program,
        "args": [*browser_type_launch_args.get("args", []), *chromium.arguments()],
        "env": {**os.environ, **found.environment},
    }
