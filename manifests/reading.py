"""Files of manifests: YAML or JSON, several documents each, with `${name}` for what is set from outside.

Every mistake in every file is found before any is told, each with its file and line.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from manifests import documents, names
from manifests.documents import Document
from manifests.errors import Invalid, Mistake, Mistaken
from manifests.kinds import KINDS
from rbacadmin.config_file import reading
from rbacadmin.config_file.reading import At, line_of, unknown
from rbacadmin.shapes import BIGGEST

MOST = 5_000  # manifests at once
MOST_TEXT = 16_777_216  # characters of all values, filled: twice what a request holds
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml: fifteen times as fast
DEEPEST = 100  # what stands within what; libyaml's loader ends the process at some ten thousand
LIST = "List"
SETTING = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_.-]*)(?::-([^{}]*))?\}")
ESCAPED = "$${"
WRITTEN = [name for name, kind in KINDS.items() if not kind.read_only]


@dataclass(frozen=True)
class Entry:
    """A manifest, and where it stands."""

    document: Document
    file: str
    line: int

    @property
    def key(self) -> tuple[str, str, str]:
        return self.document.kind.name, self.document.namespace, self.document.name

    def wrong(self, message: str, status: int = 400) -> Mistake:
        return Mistake(self.file, self.line, f"{self.document.kind.name} {self.document.name}: {message}", status)


@dataclass
class Filling:
    """What stands for `${name}` in all files; the names that were met, and how long all values are together by now.

    A file that names a long value often, or itself by aliases, is small to send and endless to read.
    """

    settings: Mapping[str, str]
    used: set[str] = field(default_factory=set)
    size: int = 0


@dataclass(kw_only=True)
class Reading(reading.Reading):
    """One pass over a document."""

    filling: Filling

    def scalar(self, node: yaml.Node, line: int) -> Any:
        """A value. Nothing is read from the server's environment, and a date stays the text that it is."""
        self.grow(len(node.value), line)
        if node.tag == "tag:yaml.org,2002:str" or SETTING.search(str(node.value)):
            return self.filled(node, line)
        found = self.loader.construct_object(node)
        return node.value if isinstance(found, date | bytes) else found

    def filled(self, node: yaml.Node, line: int) -> Any:
        """A text with its settings. One that is nothing but a setting, and not quoted, may become a number."""
        text, settings = str(node.value), self.filling.settings

        def put(found: re.Match[str]) -> str:
            name, default = found[1], found[2]
            self.filling.used.add(name)
            if name not in settings and default is None:
                self.wrong(line, f"${{{name}}} is not set: --set {name}=...")
            value = settings.get(name, default or "")
            self.grow(len(value), line)
            return value

        whole = "${".join(SETTING.sub(put, part) for part in text.split(ESCAPED))
        if SETTING.fullmatch(text) and isinstance(node, yaml.ScalarNode) and not node.style:
            tag = self.loader.resolve(yaml.ScalarNode, whole, (True, False))
            if tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:float"):
                return self.loader.construct_object(yaml.ScalarNode(tag, whole, node.start_mark))
        return whole

    def grow(self, more: int, line: int) -> None:
        """Count what is read. Raises Mistakes when it is too much."""
        self.filling.size += more
        if self.filling.size > MOST_TEXT:
            words = f"More than {MOST_TEXT:,} characters, with what aliases and settings put in."
            raise reading.Mistakes([reading.Mistake(self.path, line, words)])


def read(files: Iterable[tuple[str, str]], settings: Mapping[str, str]) -> list[Entry]:
    """The manifests in files (name, content), in the order in which they are applied. Raises Mistaken."""
    found: list[Entry] = []
    wrong: list[Mistake] = []
    filling = Filling(settings)
    for name, content in files:
        for one in entries(name, content, filling):
            if isinstance(one, Mistake):
                wrong.append(one)
            else:
                found.append(one)
    wrong += [Mistake("--set", 0, f"No manifest names ${{{name}}}.") for name in sorted(settings.keys() - filling.used)]
    wrong += twice(found)
    if len(found) > MOST:
        wrong.append(Mistake(found[MOST].file, found[MOST].line, f"More than {MOST:,} manifests at once."))
    if not found and not wrong:
        wrong.append(Mistake("-f", 0, "No manifest was given."))
    if wrong:
        raise Mistaken(wrong)
    order = list(KINDS)
    return sorted(found, key=lambda one: order.index(one.document.kind.name))


def entries(name: str, content: str, filling: Filling) -> Iterator[Entry | Mistake]:
    """What stands in one file, and what is wrong with it."""
    try:
        refuse_depth(content)
        loader = LOADER(content)
        while loader.check_node():
            node = loader.get_node()
            if node is None:
                continue
            one = Reading(name, loader, filling=filling)
            tree = one.value(node, ())
            for at, message in unstorable(tree, ()):
                one.wrong(line_of(one.lines, at) or 1, message)
            yield from (Mistake(*mistake) for mistake in one.mistakes)
            if tree is not None and not one.mistakes:
                yield from entries_of(name, tree, one.lines, ())
    except reading.Mistakes as error:
        yield from (Mistake(*mistake) for mistake in error.found)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        yield Mistake(name, line, f"This is no YAML: {error.problem}.")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        yield Mistake(name, 0, f"This is no YAML: {(str(error).splitlines() or ['nested too deeply'])[0]}.")


def refuse_depth(content: str) -> None:
    """Raise RecursionError for what is nested too deeply, before it is put together."""
    depth = 0
    for event in yaml.parse(content, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise RecursionError
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def unstorable(value: Any, at: At) -> Iterator[tuple[At, str]]:
    """What YAML can say and no database and no JSON can hold: where it stands, and what it is."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from unstorable(key, (*at, key))
            yield from unstorable(item, (*at, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from unstorable(item, (*at, place))
    elif isinstance(value, str) and ("\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)):
        yield at, "A text holds a character that is none (NUL, or half of one)."
    elif isinstance(value, float) and not math.isfinite(value):
        yield at, "Must be a finite number."
    elif isinstance(value, int) and abs(value) > BIGGEST:
        yield at, "A whole number must be at most 9223372036854775807."


def entries_of(name: str, tree: Any, lines: Mapping[At, int], at: At) -> Iterator[Entry | Mistake]:
    """A document, or those of a List."""
    if isinstance(tree, dict) and tree.get("kind") == LIST and isinstance(tree.get("items"), list):
        for place, item in enumerate(tree["items"]):
            yield from entries_of(name, item, lines, (*at, "items", place))
    else:
        yield from entry(name, tree, lines, at)


def entry(name: str, tree: Any, lines: Mapping[At, int], at: At) -> Iterator[Entry | Mistake]:
    """One document, checked against its kind."""
    line = line_of(lines, at) or 1
    if not isinstance(tree, dict):
        yield Mistake(name, line, "A manifest is a mapping with apiVersion, kind, metadata and spec.")
        return
    kind = KINDS.get(str(tree.get("kind")))
    if kind is None or kind.read_only:
        word = str(tree.get("kind", ""))
        yield Mistake(name, line_of(lines, (*at, "kind")) or line, unknown(word, "This server", WRITTEN))
        return
    if tree.get("apiVersion") != kind.api_version:
        yield Mistake(
            name, line_of(lines, (*at, "apiVersion")) or line, f"apiVersion of {kind.name} is {kind.api_version}."
        )
        return
    metadata = tree.get("metadata")
    given = metadata.get("namespace") if isinstance(metadata, dict) else None
    namespace = given if isinstance(given, str) else names.home()
    try:
        yield Entry(documents.read(kind, tree, namespace=namespace), name, line)
    except Invalid as error:
        for cause in error.causes:
            steps = tuple(int(step) if step.isdigit() else step for step in cause.field.split("."))
            yield Mistake(name, line_of(lines, (*at, *steps)) or line, f"{kind.name}: {cause}")


def twice(found: Iterable[Entry]) -> Iterator[Mistake]:
    """Manifests of one name."""
    first: dict[tuple[str, str, str], Entry] = {}
    for one in found:
        other = first.setdefault(one.key, one)
        if other is not one:
            yield one.wrong(f"stands there twice, first at {other.file}:{other.line}.")
