"""How answers are shown: tables for people, JSON or YAML for programs; everything else goes to stderr."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from rbacctl.words import word

NOTHING = "-"  # where one value stands alone; in a table a gap says it
FORMATS = ("table", "json", "yaml")
COLOURS = {"always": True, "never": False}
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
UNFOLDED = 10_000  # columns: a pipe has no width, and what reads it wants a row on a line
Columns = Mapping[str, str]  # heading -> the name in a row, with dots for what is inside


class Screen:
    """Standard output for answers in the format asked for, standard error for everything beside them."""

    def __init__(self, style: str = "table", colour: str = "auto") -> None:
        self.style = style
        wanted = {"force_terminal": COLOURS.get(colour), "no_color": True if colour == "never" else None}
        self.out = Console(highlight=False, markup=False, emoji=False, **wanted)  # type: ignore[arg-type]
        if not self.out.is_terminal:
            self.out.width = UNFOLDED
        self.err = Console(stderr=True, highlight=False, markup=False, emoji=False, **wanted)  # type: ignore[arg-type]

    @property
    def for_people(self) -> bool:
        return self.style == "table"

    def rows(self, rows: Sequence[Mapping[str, Any]], columns: Columns) -> None:
        """A list: a table of some columns, or all of every row."""
        if not self.for_people:
            return self.data(list(rows))
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in columns:
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(*(Text(shown(at(row, name))) for name in columns.values()))
        self.out.print(table)
        return None

    def one(self, row: Mapping[str, Any], columns: Columns) -> None:
        """One thing: a line for each column, or all of it."""
        if not self.for_people:
            return self.data(row)
        width = max(map(len, columns))
        for heading, name in columns.items():
            self.line(f"{heading:<{width}}  {shown(at(row, name)) or NOTHING}")
        return None

    def done(self, sentence: str, row: Any) -> None:
        """What a change did: a sentence for people, the server's answer for programs."""
        if self.for_people:
            self.line(sentence)
        else:
            self.data(row)

    def data(self, value: Any) -> None:
        """JSON or YAML, as it is."""
        if self.style == "yaml":
            text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
        else:
            text = json.dumps(value, indent=4, ensure_ascii=False) + "\n"
        sys.stdout.write(text)

    def document(self, value: Any) -> None:
        """Something that is a file for programs whoever looks at it: YAML unless JSON was asked for."""
        if self.style == "json":
            return self.data(value)
        sys.stdout.write(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
        return None

    def line(self, text: str) -> None:
        self.out.print(Text(plain(text)), soft_wrap=True)

    def aside(self, text: str) -> None:
        self.err.print(Text(plain(text)), soft_wrap=True)

    @contextmanager
    def progress(self, label: str) -> Iterator[Progress]:
        """A bar on stderr, for people only; it is gone afterwards."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self.err, transient=True, disable=not self.err.is_terminal) as bar:
            bar.add_task(label, total=None)
            yield bar

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """Something that turns on stderr while one waits, for people only."""
        if not self.err.is_terminal:
            yield
            return
        with self.err.status(Text(plain(text))):
            yield

    def each(self, label: str, items: Sequence[Any]) -> Iterator[Any]:
        """The items one by one, with progress."""
        with self.progress(label) as bar:
            task = bar.task_ids[0]
            bar.update(task, total=len(items))
            for item in items:
                yield item
                bar.advance(task)


def plain(text: str) -> str:
    """Text without control characters and turned directions: a name must not steer somebody's terminal."""
    return "".join(
        letter
        if letter == "\n" or (unicodedata.category(letter) != "Cc" and unicodedata.bidirectional(letter) not in TURNS)
        else "?"
        for letter in text
    )


def at(row: Mapping[str, Any], name: str) -> Any:
    """What stands in a row under a name; `project.title` looks inside."""
    found: Any = row
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return local_time(found) if name.endswith(("_at", "expires")) else found


def shown(value: Any) -> str:
    """A value as one reads it in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}" if value == 0 or abs(value) >= 0.01 else f"{value:.2g}"  # US dollars
    if isinstance(value, str):
        return plain(word(value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={shown(item)}" for name, item in value.items())
    if isinstance(value, Iterable):
        return ", ".join(map(shown, value))
    return str(value)


def local_time(value: Any) -> Any:
    """Unix seconds (also as text) or an ISO time as RFC 3339 in the local time zone; "0" is not known."""
    if not value or value == "0":
        return None
    if isinstance(value, int | float) or str(value).isdigit():
        moment = datetime.fromtimestamp(float(value), UTC)
    else:
        moment = datetime.fromisoformat(str(value))
    return moment.astimezone().isoformat(timespec="seconds")
