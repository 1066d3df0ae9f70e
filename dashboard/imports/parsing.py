"""A file of people, as spreadsheets write it."""

import csv
import io
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rbacadmin.spreadsheets import RISKY

MOST_ROWS, MOST_BYTES, LONGEST = 500, 262_144, 320
COLUMNS = ("email", "role", "team", "team_role", "budget_usd")
ALSO = {"e-mail": "email", "mail": "email", "user_id": "email", "person": "email", "budget": "budget_usd"}
EXAMPLE = ("ada@example.com", "member", "", "", "25")

Row = dict[str, str]


def rows_of(content: bytes) -> list[Row]:
    """The rows of a file, each with all columns and its line. Raises ValidationError for what is no such file."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than %(size)s kB.") % {"size": MOST_BYTES // 1024})
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), delimiter=separator(text), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValidationError(_("This is no comma-separated file in UTF-8.")) from error
    if "\0" in text or not lines:
        raise ValidationError(_("The file is empty, or not a text."))
    names = columns(lines[0])
    rows = [row(names, cells, number) for number, cells in enumerate(lines[1:], start=2) if any(map(str.strip, cells))]
    if not 1 <= len(rows) <= MOST_ROWS:
        raise ValidationError(_("Between 1 and %(count)s people at a time.") % {"count": MOST_ROWS})
    return rows


def separator(text: str) -> str:
    """What stands most often in the first line."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def columns(header: Sequence[str]) -> list[str]:
    """The columns that the first line names, in its order. Raises ValidationError."""
    found = [ALSO.get(name, name) for name in (cell.strip().lower() for cell in header)]
    known = ", ".join(COLUMNS)
    if unknown := [name for name in found if name not in COLUMNS]:
        raise ValidationError(
            _("The first line names columns that are not known: %(names)s. Known: %(known)s.")
            % {"names": ", ".join(unknown)[:200], "known": known}
        )
    if "email" not in found or len(set(found)) < len(found):
        raise ValidationError(
            _("The first line names the columns, each once: email, and any of %(known)s.") % {"known": known}
        )
    return found


def row(names: Sequence[str], cells: Sequence[str], number: int) -> Row:
    """One row; our own exports put an apostrophe before what a spreadsheet would run."""
    if len(cells) > len(names):
        raise ValidationError(_("Line %(line)s has more cells than there are columns.") % {"line": number})
    plain = [(cell[1:] if cell[:1] == "'" and cell[1:].startswith(RISKY) else cell).strip() for cell in cells]
    if any(len(cell) > LONGEST for cell in plain):
        raise ValidationError(_("Line %(line)s has a cell that is too long.") % {"line": number})
    return {**dict.fromkeys(COLUMNS, ""), **dict(zip(names, plain, strict=False)), "line": str(number)}
