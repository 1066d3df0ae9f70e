"""What `pip install .` installs: the site, and a command line that needs nothing of it."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from rbacctl import VERSION

pytestmark = pytest.mark.sqlite

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NOT_INSTALLED = {"tests", "benchmarks", "bin", "docs"}
WITHOUT_DJANGO = """
import sys
sys.modules["django"] = None  # importing it fails
from rbacctl.app import app
app(sys.argv[1:], prog_name="llma")
"""
SITE = """
import django
django.setup()
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from pathlib import Path
from rbacadmin.conf import conf
get_template("keys/key_list.html")
assert finders.find("js/app.js") or finders.find("app.js"), "no static file is found"
assert conf.var_dir == Path.cwd() / "var", conf.var_dir
"""


def environment(*folders: Path) -> dict[str, str]:
    """Ours, with these folders first among those that are imported from, and without what this suite set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RBACADMIN_", "DATABASE_URL"))}
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, folders)), "DJANGO_SETTINGS_MODULE": "rbacadmin.settings"}


def test_every_package_is_installed() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_INSTALLED
    assert set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == found


def test_the_command_line_says_the_projects_version() -> None:
    assert PROJECT["project"]["version"] == VERSION


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as pip builds it. Its backend is no dependency of ours: without an index there is none."""
    folder = tmp_path_factory.mktemp("wheel")
    wanted = PROJECT["build-system"]["requires"]
    getting = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder / "backend", *wanted]
    got = subprocess.run(getting, capture_output=True, text=True, timeout=300)
    if got.returncode:
        pytest.skip(f"The build backend cannot be had here ({' '.join(wanted)}): {got.stderr.strip()[-200:]}")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", build, folder], env=environment(folder / "backend"), cwd=ROOT,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return folder / made.stdout.split()[-1]


def test_the_wheel_has_both_commands_and_whatever_the_site_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entries = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert "rbacctl = rbacctl.app:app" in entries
    assert "llma = rbacctl.app:app" in entries
    for folder in ("templates", "static"):
        files = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {f"rbacadmin/{name}" for name in files} <= names
    assert {"rbacadmin/policy/matrix.csv", "api/templates/api/docs.html", "keys/migrations/0001_initial.py"} <= names
    assert not {name for name in names if name.startswith(("tests", "var", "benchmarks", ".")) or "__pycache__" in name}


def test_what_was_installed_runs_away_from_the_clone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for code, arguments, said in ((WITHOUT_DJANGO, ["--version"], VERSION), (WITHOUT_DJANGO, ["--help"], "projects"),
                                  (SITE, [], "")):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], env=environment(tmp_path / "site"), cwd=elsewhere,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
