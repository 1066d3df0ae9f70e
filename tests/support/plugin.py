"""Chooses the database of a test run. Named in `addopts`, because it must act before Django reads its settings.

`--db=sqlite` (the default) tests on a SQLite file, as the product uses it: several threads can hold connections to it.
`--db=postgres` tests on TEST_DATABASE_URL, or on a server of its own.
"""

import atexit
import gc
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support import browser, postgres

# What a developer's shell may hold for `bin/serve` must not change what the tests see.
PRODUCT_VARIABLES = ("DATABASE_URL", "REDIS_URL", "HOST", "PORT")
# Who names none of these, and no mark, asks no database: pytest-django refuses it to them.
DATABASES = frozenset({"db", "transactional_db", "empty_database", "server"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=["sqlite", "postgres"], default="sqlite", help="database to test on")


def is_worker() -> bool:
    """Whether this is one of xdist's workers: they inherit what the first process prepared."""
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Give the run a clean environment, a data folder and a database of its own."""
    gc.disable()  # until everything is collected: nearly all that is imported and collected stays
    if is_worker():
        return
    for name in [name for name in os.environ if name.startswith("RBACADMIN_") or name in PRODUCT_VARIABLES]:
        del os.environ[name]
    os.environ["RBACADMIN_VAR_DIR"] = folder = tempfile.mkdtemp(prefix="rbacadmin-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if early_config.known_args_namespace.db == "postgres":
        try:
            os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or postgres.start()
        except postgres.Unavailable as error:
            raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(browser, "tests.support.browser")  # late, so that its fixtures win over playwright's
    from django.conf import settings

    if config.option.db == "sqlite":
        test_options = settings.DATABASES["default"].setdefault("TEST", {})
        test_options["NAME"] = os.path.join(os.environ["RBACADMIN_VAR_DIR"], "test.sqlite3")


def pytest_unconfigure() -> None:
    if not is_worker():
        postgres.stop()


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {os.environ.get('DATABASE_URL', 'SQLite file').split('@')[-1]}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what says nothing about the database of this run; pytest counts it as deselected."""
    on_sqlite = config.option.db == "sqlite"
    other = "postgres" if on_sqlite else "sqlite"
    left_out = [item for item in items if item.get_closest_marker(other) or not (on_sqlite or asks(item))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def asks(item: pytest.Item) -> bool:
    """Whether a test asks a database at all: what does not has said everything on SQLite."""
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked or DATABASES.intersection(getattr(item, "fixturenames", DATABASES)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Thousands of collected tests never become garbage: leave them out of every later search for it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def pytest_terminal_summary(terminalreporter) -> None:
    """Leave the counts for `tests.support.legs`, when it asked for them."""
    if path := os.environ.get("LEG_REPORT"):
        names = ("passed", "failed", "error", "skipped", "xfailed", "deselected")
        Path(path).write_text(json.dumps({name: len(terminalreporter.stats.get(name, [])) for name in names}))
