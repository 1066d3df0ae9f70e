"""`manage.py write_docs`: the pages that are made from code, so that they cannot lie. A test runs it with `--check`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rbacadmin.conf import BASE_DIR
from rbacadmin.management import configuration, reference
from rbacadmin.policy import matrix

MARKS = {"allow": "yes", "own": "own", "deny": "–"}
SHOWN_IN_README = (
    *("ORG-01", "ORM-02", "PRJ-01", "TEA-01", "TEA-06", "TEA-07", "TEP-02", "TEM-02"),
    *("KEY-01", "KEY-02", "KEY-04", "KEY-14", "KEY-21", "USR-01", "SPD-04", "SPD-05", "AUD-02"),
)
NOTE = "<!-- written by `manage.py write_docs`; edit the source instead -->\n"


class Command(BaseCommand):
    help = "Write the generated pages of the documentation."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
        if options["check"] and stale:
            names = ", ".join(str(path.relative_to(BASE_DIR)) for path in stale)
            raise CommandError(f"Out of date: {names}. Run manage.py write_docs.")
        for path in stale:
            path.write_text(pages()[path])
            self.stdout.write(f"wrote {path.relative_to(BASE_DIR)}")


def pages() -> dict[Path, str]:
    """Every generated page and its text."""
    return {
        BASE_DIR / "docs" / "permissions.md": permissions(),
        BASE_DIR / "docs" / "configuration.md": configuration.page(NOTE),
        BASE_DIR / "docs" / "api" / "routes.md": reference.page(NOTE),
        BASE_DIR / "README.md": readme(),
    }


def table(rows: list[matrix.Row]) -> str:
    """The matrix as a Markdown table."""
    people = matrix.PERSONAS
    head = f"| | what | {' | '.join(name.replace('_', ' ') for name in people)} |"
    lines = [head, "|" + "---|" * (len(people) + 2)]
    for row in rows:
        cells = " | ".join(MARKS[row.cells[name]] for name in people)
        lines.append(f"| {row.id} | {row.area.replace('_', ' ')}: {row.action} | {cells} |")
    return "\n".join(lines)


def permissions() -> str:
    """The whole matrix, an area a section."""
    rows = matrix.rows()
    parts = [
        "# Permissions\n",
        NOTE,
        "*yes*: inside the person's own scope. *own*: only what is theirs. –: refused. Outside of a person's scope",
        "every cell is a refusal, except for platform roles. Every cell whose route exists is a test.\n",
    ]
    for area in dict.fromkeys(row.area for row in rows):
        parts += [
            f"## {area.replace('_', ' ').capitalize()}\n",
            table([row for row in rows if row.area == area]) + "\n",
        ]
    return "\n".join(parts)


def readme() -> str:
    """The README with its table of roles filled in."""
    path = BASE_DIR / "README.md"
    begin, end = "<!-- roles: written by `manage.py write_docs` -->", "<!-- /roles -->"
    before, _, rest = path.read_text().partition(begin)
    _, _, after = rest.partition(end)
    chosen = [row for row in matrix.rows() if row.id in SHOWN_IN_README]
    return f"{before}{begin}\n\n{table(chosen)}\n\n{end}{after}"
