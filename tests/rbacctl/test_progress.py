"""Long work says how far it is: to people who watch, on standard error, and to nobody else."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rbacctl import pages
from tests.rbacctl.test_commands import said

pytestmark = pytest.mark.sqlite
Run = Callable[..., Any]
STEERING = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")  # colours, and where the cursor goes
GONE = "\x1b[1A\x1b[2K"  # up to the bar's line, which is emptied


def bar_of(found: Any) -> tuple[str, str]:
    """What the bar was called, and how far it came, of a run on a terminal that left no bar behind."""
    assert found.exit_code == 0, found.output
    assert found.stderr.endswith(GONE), found.stderr
    label, *_, last = STEERING.sub("", found.stderr).replace("\r", "\n").strip().splitlines()[-1].split(" ")
    return label, last


def test_a_list_of_several_pages_says_how_far_it_is(signed_in: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert signed_in("admin", "organizations", "create", "Garden").exit_code == 0
    for name in ("roses", "tulips", "lilies"):
        assert signed_in("teams", "create", name, "--organization-title", "Garden").exit_code == 0
    asked = ("teams", "list", "--organization-title", "Garden", "-o", "json")
    watched = signed_in("--color", "always", *asked)
    assert watched.stderr == "", "one page is no long work"
    monkeypatch.setattr(pages, "SIZE", 1)
    in_pages = signed_in("--color", "always", *asked)
    assert bar_of(in_pages) == ("Teams", "2/2"), "the first page is there before it is known that there are more"
    assert said(in_pages) == said(watched)
    assert {row["team_alias"] for row in said(in_pages)} == {"roses", "tulips", "lilies"}
    piped = signed_in(*asked)
    assert (piped.stdout, piped.stderr) == (watched.stdout, "")


def test_an_export_counts_its_lines_while_they_come(signed_in: Run, home: Path) -> None:
    assert signed_in("admin", "organizations", "create", "Meadow").exit_code == 0
    path = home / "watched.csv"
    watched = signed_in("--color", "always", "audit", "export", str(path))
    lines = len(path.read_text().splitlines())
    assert lines > 1
    assert bar_of(watched) == ("Events", f"{lines}/?"), "nobody knows how many are to come"
    piped = signed_in("audit", "export", str(home / "piped.csv"))
    assert (piped.exit_code, piped.stderr) == (0, "")
