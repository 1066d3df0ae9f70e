"""A YAML file as values with lines. Every mistake is found before any is told, and each says where it stands."""

import difflib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

SECTIONS = ("general_settings", "litellm_settings")
MODELS = "model_list"
REFERENCE = "os.environ/"
LARGEST_FILE, MOST_NODES, DEEPEST = 1_048_576, 100_000, 32

At = tuple[str | int, ...]
Check = Callable[[str, Any], Iterable[tuple[At, str]]]


class Mistake(NamedTuple):
    """Something wrong at a line of the file; line 0 is the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class Mistakes(Exception):
    """All that is wrong with a file, a line each."""

    def __init__(self, found: Iterable[Mistake]) -> None:
        self.found = sorted(found, key=lambda mistake: mistake.line)
        super().__init__("\n".join(map(str, self.found)))


@dataclass(frozen=True)
class ConfigFile:
    """What a file says: values by the name of the setting, and the line of each."""

    path: str
    values: Mapping[str, Any]
    lines: Mapping[At, int]

    def where(self, *at: str | int) -> str:
        """`file:line` of a setting, or of an entry inside it."""
        return f"{self.path}:{line_of(self.lines, at)}"


@dataclass
class Reading:
    """One pass over a file: what was found, and what was wrong."""

    path: str
    loader: yaml.SafeLoader
    lines: dict[At, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    nodes: int = 0

    def wrong(self, line: int, message: str) -> None:
        self.mistakes.append(Mistake(self.path, line, message))

    def value(self, node: yaml.Node, at: At) -> Any:
        """The node as Python has it; `os.environ/NAME` becomes what the environment says."""
        line = node.start_mark.line + 1
        self.lines[at] = line
        self.nodes += 1
        if self.nodes > MOST_NODES or len(at) > DEEPEST:
            raise Mistakes([Mistake(self.path, line, "The file is too large or nested too deeply.")])
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*at, place)) for place, item in enumerate(node.value)]
        return self.scalar(node, line)

    def scalar(self, node: yaml.Node, line: int) -> Any:
        """What is neither a list nor a mapping."""
        found = self.loader.construct_object(node)
        return self.referred(found, line) if isinstance(found, str) and found.startswith(REFERENCE) else found

    def mapping(self, node: yaml.MappingNode, at: At) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self.loader.construct_object(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                self.wrong(line, "Names must be text.")
                continue
            if key == "<<":
                self.wrong(line, "Merge keys (<<) are not read: write the entries out.")
                continue
            if key in found:
                self.wrong(line, f"'{key}' stands here twice, first on line {self.lines[(*at, key)]}.")
            found[key] = self.value(value_node, (*at, key))
            self.lines[(*at, key)] = line
        return found

    def referred(self, text: str, line: int) -> str:
        name = text.removeprefix(REFERENCE)
        if name not in os.environ:
            self.wrong(line, f"The environment has no variable '{name}'.")
        return os.environ.get(name, "")


def read(path: str, known: Mapping[str, str], check: Check) -> ConfigFile:
    """Read a file whose settings are `known` (name in the file -> name of the setting).

    `check` says what is wrong with a setting's value: places within it, and messages. Raises Mistakes.
    """
    pass_, tree = composed(path)
    values, places = collected(pass_, tree, known)
    for name, value in values.items():
        for at, message in check(name, value):
            pass_.wrong(line_of(pass_.lines, (*places[name], *at)), f"{written(places[name], at)}: {message}")
    if pass_.mistakes:
        raise Mistakes(pass_.mistakes)
    lines = {(name, *rest): line for name, place in places.items() for rest, line in beneath(pass_.lines, place)}
    return ConfigFile(path, values, lines)


def composed(path: str) -> tuple[Reading, Any]:
    """The file as a tree of Python values. Raises Mistakes for what cannot be read at all."""
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise Mistakes([Mistake(path, 0, f"The file cannot be read: {error.strerror}.")]) from None
    if len(text) > LARGEST_FILE:
        raise Mistakes([Mistake(path, 0, "The file is larger than 1 MB.")])
    try:
        loader = yaml.SafeLoader(text.decode("utf-8"))
        node = loader.get_single_node()
        reading = Reading(path, loader)
        return reading, {} if node is None else reading.value(node, ())
    except UnicodeDecodeError:
        raise Mistakes([Mistake(path, 0, "The file is not UTF-8.")]) from None
    except RecursionError:
        raise Mistakes([Mistake(path, 0, "The file is nested too deeply.")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Mistakes([Mistake(path, line, f"This is no YAML: {error.problem}.")]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Mistakes([Mistake(path, 0, f"This is no YAML: {str(error).splitlines()[0]}.")]) from None


def collected(reading: Reading, tree: Any, known: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, At]]:
    """The settings of both sections and the models, each with its place in the tree."""
    values: dict[str, Any] = {}
    places: dict[str, At] = {}
    if not isinstance(tree, dict):
        raise Mistakes([Mistake(reading.path, 1, f"Must be a mapping of {', '.join((*SECTIONS, MODELS))}.")])
    for name, value in tree.items():
        if name == MODELS:
            values[MODELS], places[MODELS] = value or [], (MODELS,)
        elif name not in SECTIONS:
            reading.wrong(reading.lines[(name,)], unknown(name, "The file", (*SECTIONS, MODELS)))
        elif not isinstance(value, dict | None):
            reading.wrong(reading.lines[(name,)], f"{name} must be a mapping.")
        else:
            for setting, said in (value or {}).items():
                line = reading.lines[(name, setting)]
                if setting not in known:
                    reading.wrong(line, unknown(setting, name, known))
                elif known[setting] in values:
                    first = line_of(reading.lines, places[known[setting]])
                    reading.wrong(line, f"'{setting}' stands in the file twice, first on line {first}.")
                else:
                    values[known[setting]], places[known[setting]] = said, (name, setting)
    return values, places


def unknown(name: str, where: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    hint = f" Did you mean '{close[0]}'?" if close else f" There are: {', '.join(sorted(known))}."
    return f"{where} knows no '{name}'.{hint}"


def written(place: At, at: At) -> str:
    """A place as people write it: `role_permissions[0].routes`."""
    text = str(place[-1])
    for step in at:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text


def line_of(lines: Mapping[At, int], at: At) -> int:
    """The line of the innermost entry on the way that has one."""
    while at and at not in lines:
        at = at[:-1]
    return lines.get(at, 0)


def beneath(lines: Mapping[At, int], place: At) -> list[tuple[At, int]]:
    return [(at[len(place) :], line) for at, line in lines.items() if at[: len(place)] == place]
