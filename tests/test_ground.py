"""The ground that everything stands on: locks, set-up, PostgreSQL and the browser of the tests."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def pins(lock: Path) -> set[tuple[str, str]]:
    """Packages with their versions; which systems they are for is left out."""
    return set(re.findall(r"^([\w.\[\],-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_hashes_and_no_url(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:])


def test_the_test_lock_holds_everything_of_the_base_lock_at_the_same_version() -> None:
    base, test = pins(ROOT / "requirements/base.txt"), pins(ROOT / "requirements/test.txt")
    assert len(base) > 40
    assert base <= test


def test_there_is_no_lock_that_records_an_index() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"/var/", "/.cache/", "/.venv/", "node_modules/", "uv.lock", "/site/"} <= set(ignored)


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """bin/_setup.py on a folder of its own, noting what it would install."""
    spec = importlib.util.spec_from_file_location("_setup", ROOT / "bin" / "_setup.py")
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for folder in ("requirements", "venv"):
        (tmp_path / folder).mkdir()
    for lock in ("base", "test"):
        (tmp_path / f"requirements/{lock}.txt").write_text("first")
    installed: list[str] = []
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    monkeypatch.setattr(module, "STAMPS", {name: tmp_path / "venv" / name for name in ("base", "test")})
    monkeypatch.setattr(module, "venv_version", lambda: "3.11")
    monkeypatch.setattr(module, "install_packages", lambda lock: installed.append(lock.stem))
    module.installed = installed  # type: ignore[attr-defined]
    return module


def test_setup_installs_only_what_changed(setup: Any) -> None:
    for lock in ("test", "base", "test", "base"):
        setup.install(lock)
    assert setup.installed == ["test"]  # which holds all of base
    (setup.ROOT / "requirements/base.txt").write_text("second")
    setup.install("base")
    setup.install("test")  # base may have moved a package that test pins
    assert setup.installed == ["test", "base", "test"]


def test_setup_that_was_cut_short_starts_again(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    setup.install("test")
    (setup.ROOT / "requirements/test.txt").write_text("second")

    def cut_short(lock: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(setup, "install_packages", cut_short)
        with pytest.raises(KeyboardInterrupt):
            setup.install("test")
    setup.install("base")
    assert setup.installed == ["test", "base"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_postgres_leg_runs_on_postgres() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 140000


@pytest.mark.postgres
def test_the_test_server_goes_when_the_test_run_is_killed() -> None:
    code = "from tests.support import postgres; print(postgres.start(), flush=True); input()"
    run = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip().split("host=")[1])
    assert (folder / "data/postmaster.pid").exists()
    run.send_signal(signal.SIGKILL)
    run.communicate()
    until = time.monotonic() + 10
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.exists()


@pytest.mark.browser
def test_the_browser_lays_out_text(page: Any) -> None:
    page.set_content("<p>Hello</p>")
    assert page.inner_text("p") == "Hello"
    assert (
        page.evaluate(
            "(() => { const r = document.createRange(); r.selectNodeContents(document.querySelector('p'));"
            " return r.getBoundingClientRect().width })()"
        )
        > 10
    )


@pytest.mark.browser
def test_the_browser_reaches_nothing_but_this_machine(page: Any) -> None:
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.com/")


@pytest.mark.django_db  # on both
def test_the_run_keeps_away_from_the_product_data() -> None:
    from rbacadmin.conf import conf

    assert Path(os.environ["RBACADMIN_VAR_DIR"]) == conf.var_dir != ROOT / "var"
