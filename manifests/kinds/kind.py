"""What a kind of manifest is: a noun, the fields of its spec, and the services that its verbs call."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from pydantic import BaseModel, Field

from manifests.errors import Cause, Invalid, Waiting
from manifests.kinds.fields import ConnectionRef, Spec, shown, stored
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.fields import readable_each

AUTH, INSTANCES = "auth.litellm.ai", "litellm.litellm.ai"
VERSION = "v1alpha1"
CONNECTION_ERROR, CONFIG_ERROR = "ConnectionError", "ConfigError"

Values = dict[str, Any]
Refs = dict[str, Any]


class Column(NamedTuple):
    """A column of what `kubectl get` prints. Those of priority 1 are printed with `-o wide`."""

    name: str
    path: str  # ".status.teamAlias"; a condition's status as ".conditions.Ready"
    description: str
    type: str = "string"
    priority: int = 0


class Condition(BaseModel):
    """Whether something holds, and why."""

    type: str
    status: str = Field(description="True, False or Unknown.")
    reason: str
    message: str
    lastTransitionTime: str
    observedGeneration: int | None = None


class Status(BaseModel):
    """What is."""

    conditions: list[Condition] | None = Field(default=None, description="Ready, and what it waits for.")
    observedGeneration: int | None = Field(default=None, description="The generation that this is about.")


class Declared(NamedTuple):
    """A manifest that was read: its spec, what of it was given, the rows that it refers to, and its name."""

    spec: Any
    given: Values
    refs: Refs
    namespace: str
    name: str
    status: Values  # what making the row adds to the status


class Seen(NamedTuple):
    """What somebody may see of a row: its spec, its status, and which fields of the spec they may read."""

    spec: Values
    status: Values
    fields: frozenset[str] = frozenset()


class Kind:
    """A kind. A manifest of it *is* a row of `model`: every verb ends in the service that other doors call too."""

    name: ClassVar[str]
    plural: ClassVar[str]
    short: ClassVar[tuple[str, ...]] = ()
    group: ClassVar[str] = AUTH
    description: ClassVar[str]
    spec: ClassVar[type[Spec]]
    status: ClassVar[type[Status]]
    model: ClassVar[type[Model]]
    fields: ClassVar[Mapping[str, str]]  # of the spec -> columns
    kept: ClassVar[frozenset[str]] = frozenset()  # fields that are no facts of the row: shown as they were written
    lasting: ClassVar[frozenset[str]] = frozenset()  # fields that a row cannot be without: left out, they stay
    id_field: ClassVar[str] = ""  # of the spec: chooses the public id of a new row, and never changes it
    read_only: ClassVar[bool] = False
    fixed: ClassVar[bool] = False  # one resource, which no row stands for: this server
    finds_known: ClassVar[bool] = False  # whether making one may answer with a row that was there
    outlives: ClassVar[bool] = False  # whether what is declared waits when what it refers to is deleted
    ref_fields: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # what it refers to -> the fields that name it
    alias_columns: ClassVar[tuple[str, ...]] = ("alias",)  # of which `alias_of` is made
    tells_of: ClassVar[tuple[str, ...]] = ()  # columns with ids of rows whose facts stand in the status
    columns: ClassVar[tuple[Column, ...]]
    # what the verbs ask for
    sees: ClassVar[Action]
    lists: ClassVar[Action | None] = None  # where lists ask for something else
    creates: ClassVar[Action]
    changes: ClassVar[Action]
    deletes: ClassVar[Action]

    @property
    def singular(self) -> str:
        return self.name.lower()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{VERSION}"

    def queryset(self) -> QuerySet[Any]:
        """The rows that are manifests of this kind, with what is needed to show them."""
        return self.model._default_manager.all()

    def visible(self, actor: Actor) -> QuerySet[Any]:
        return policy.visible(actor, self.lists or self.sees, self.queryset())

    def alias_of(self, row: Any) -> str:
        """From which a row that nobody has named gets its name."""
        return str(row.alias)

    def spelled_with(self, word: str) -> Q:
        """The rows in whose alias the word stands, in any case."""
        return self.any_column("icontains", word)

    def any_column(self, lookup: str, value: str) -> Q:
        """The rows of which one of the columns that go into the alias passes."""
        found = Q(pk__in=[])
        for column in self.alias_columns:
            found |= Q(**{f"{column}__{lookup}": value})
        return found

    def tells(self, actor: Actor, manifest: Any) -> bool:
        """Whether somebody who sees the row is told what was declared about it: labels, annotations, written words."""
        return True

    def seen(self, actor: Actor, rows: Sequence[Any]) -> dict[Any, Seen]:
        """By id: what the actor may see of these rows. The same few queries however many there are."""
        allowed = readable_each(actor, rows)
        extras = self.extras(actor, rows, allowed)
        found = {}
        for row in rows:
            own = {field: shown(column, getattr(row, column)) for field, column in self.readable(allowed[row.pk])}
            spec, status, _ = extras[row.pk]
            spec = {"connectionRef": here(), **spec, **own}
            found[row.pk] = Seen(
                without_none(spec), without_none(status), frozenset(self.readable_fields(allowed[row.pk]))
            )
        return found

    def readable(self, allowed: frozenset[str]) -> list[tuple[str, str]]:
        """The fields, with their columns, that stand in columns of the row and may be read."""
        return [(field, column) for field, column in self.fields.items() if column in allowed]

    def extras(self, actor: Actor, rows: Sequence[Any], allowed: Mapping[Any, frozenset[str]]) -> dict[Any, Seen]:
        """What of spec and status does not stand in a column. None of a field leaves it out."""
        raise NotImplementedError

    def readable_fields(self, allowed: frozenset[str]) -> set[str]:
        """The fields of the spec that may be read: what is left out of these is cleared."""
        return {field for field, _ in self.readable(allowed)}

    def canonical(self, field: str, value: Any) -> Any:
        """A validated value in the one form in which it is compared: two spellings of one thing are the same."""
        return value

    def resolve(self, actor: Actor, spec: Any, namespace: str) -> Refs:
        """The rows that a spec refers to. Raises Waiting when one of them is not there."""
        require_here(spec.connectionRef, namespace)
        return {}

    def status_waiting(self) -> Values:
        """What the status says of a manifest that has no row."""
        return {}

    def targets(self, row: Any) -> dict[str, Any]:
        """The ids of what a row refers to, named as in `ref_fields`."""
        return {}

    def create(self, actor: Actor, declared: Declared) -> Any:
        """Make the row that is declared."""
        raise NotImplementedError

    def update(self, actor: Actor, row: Any, changes: Values, declared: Declared) -> Any:
        """Change the fields given, None clears, and follow the references; returns the row, perhaps another one."""
        raise NotImplementedError

    def delete(self, actor: Actor, row: Any) -> None:
        raise NotImplementedError

    def found(self, actor: Actor, declared: Declared) -> Any:
        """A row that is there already and is what the manifest declares; None where there is none."""
        return None

    def column_values(self, given: Values) -> Values:
        """The columns that these fields of a spec set."""
        return {
            self.fields[field]: stored(self.fields[field], value)
            for field, value in given.items()
            if field in self.fields
        }

    def cannot_change(self, field: str) -> Invalid:
        return Invalid([Cause(f"spec.{field}", "cannot be changed", "FieldValueInvalid")])


def without_none(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}


def here() -> Values:
    """This server, as a connectionRef."""
    namespace, name = settings.INSTANCE
    return {"instanceRef": {"name": name, "namespace": namespace}}


def require_here(ref: ConnectionRef | None, namespace: str) -> None:
    """Raise Waiting unless the reference names this server."""
    if ref is None:
        return
    if ref.instanceRef is None:
        raise Waiting(CONNECTION_ERROR, "connectionRef needs an instanceRef: this server reads no secrets.")
    known_namespace, known_name = settings.INSTANCE
    named = (ref.instanceRef.namespace or known_namespace, ref.instanceRef.name)
    if named != (known_namespace, known_name):
        raise Waiting(
            CONNECTION_ERROR,
            f"There is no LiteLLMInstance {'/'.join(named)}; this server is {known_namespace}/{known_name}.",
        )
