"""A database of its own for a benchmark: PostgreSQL as the tests bring it along, migrated and empty."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


def created(url: str) -> str:
    """Make the database that the URL names."""
    import psycopg

    with psycopg.connect(url.replace("/rbacadmin?", "/postgres?"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE rbacadmin")
    return url


@contextmanager
def database(durable: bool = True) -> Iterator[str]:
    """Start a server, point Django at it and migrate. `durable`: a commit waits for the disk, as in production."""
    from tests.support import postgres

    folder = tempfile.mkdtemp(prefix="rbacadmin-benchmark-")
    if durable:
        postgres.SERVER_OPTIONS.update(fsync="on", synchronous_commit="on", full_page_writes="on")
    os.environ["RBACADMIN_VAR_DIR"] = folder
    os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or created(postgres.start())
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield os.environ["DATABASE_URL"]
    finally:
        from django.db import connections

        connections.close_all()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
