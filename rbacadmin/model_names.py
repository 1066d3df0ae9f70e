"""What a list of model names means. The one place that knows: lists, decisions and admission all ask here.

A list names models, access groups (which stand for their models), and prefixes: `openai/*` covers what begins with
`openai/`, and `*` covers everything. An empty list, like null, says nothing: what the level above allows counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

# In a list of models: none at all. It names no model, so it allows none, and nothing is wider than it.
NO_MODELS = "no-default-models"
# LiteLLM's words. The first two say "as the level above", the last one "nothing at all".
INHERIT = frozenset({"all-proxy-models", "all-team-models"})
RESERVED = INHERIT | {NO_MODELS}

Groups = Mapping[str, Sequence[str]]

# Where groups are kept is an upper app's business: it appends how to read them all, in `ready()`.
readers: list[Callable[[], Groups]] = []


def known_groups() -> Groups:
    """Every group with its models."""
    return {name: models for read in readers for name, models in read().items()}


@dataclass(frozen=True)
class Names:
    """A set of model names: some exactly, some by how they begin."""

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def covers(self, name: str) -> bool:
        """Whether a call of this model is in the set. Two look-ups, whatever the length of the list."""
        return name in self.exact or name.startswith(self.prefixes)

    def meets(self, name: str) -> bool:
        """Whether the set and a catalog entry have a name in common; an entry may be a prefix itself."""
        if not name.endswith("*"):
            return self.covers(name)
        begin = name[:-1]
        return begin.startswith(self.prefixes) or any(item.startswith(begin) for item in (*self.exact, *self.prefixes))

    def __and__(self, other: "Names") -> "Names":
        """What both cover."""
        exact = {name for name in self.exact if other.covers(name)} | {n for n in other.exact if self.covers(n)}
        prefixes = {p for p in self.prefixes if p.startswith(other.prefixes)}
        prefixes |= {p for p in other.prefixes if p.startswith(self.prefixes)}
        return Names(frozenset(exact), tuple(sorted(prefixes)))

    def shown(self) -> list[str]:
        """The set as a list that `names_of` reads back."""
        return sorted(self.exact) + [f"{prefix}*" for prefix in self.prefixes]


EVERYTHING = Names(prefixes=("",))


def restricts(models: Iterable[str] | None) -> bool:
    """Whether a stored list says anything (rulebook 14: null and an empty list inherit)."""
    return bool(models) and INHERIT.isdisjoint(models or ())


def names_of(models: Sequence[str] | None, groups: Groups) -> Names:
    """What a stored list covers. A group stands for its models, so an empty or deleted one for nothing."""
    if not models or not restricts(models):
        return EVERYTHING
    listed = [name for entry in models for name in (entry, *groups.get(entry, ())) if entry != NO_MODELS]
    exact = frozenset(name for name in listed if not name.endswith("*"))
    prefixes = tuple(sorted({name[:-1] for name in listed if name.endswith("*")}))
    return Names(exact, prefixes)


def common(lists: Iterable[Sequence[str] | None], groups: Groups) -> Names:
    """What every one of the lists covers: the models of a call that all of these levels bind."""
    found = EVERYTHING
    for models in lists:
        if restricts(models):
            found &= names_of(models, groups)
    return found


def beyond(models: Sequence[str] | None, allowed: Sequence[str] | None, groups: Groups) -> list[str]:
    """The names that a list covers and the one above it does not; groups are looked into on both sides."""
    if not models or not restricts(models) or not restricts(allowed):
        return []
    wanted = names_of(
        [name for name in models if name not in groups or name not in (allowed or ())] or [NO_MODELS], groups
    )
    given = names_of(allowed, groups)
    exact = [name for name in wanted.exact if name not in groups and not given.covers(name)]
    return sorted(exact) + [f"{prefix}*" for prefix in wanted.prefixes if not prefix.startswith(given.prefixes)]
