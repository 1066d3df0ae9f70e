"""The write path: lock, require, check, change, record, in one transaction; refusals on record after its rollback."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Model

from rbacadmin import audit
from rbacadmin.errors import Conflict, Duplicate, NotFound, Refused
from rbacadmin.policy.actions import Action
from rbacadmin.policy.actor import Actor
from rbacadmin.policy.scopes import scope_models
from rbacadmin.policy.subjects import all_scopes

P = ParamSpec("P")
R = TypeVar("R")

More = Callable[[list[Model]], Iterable[Model]]


@dataclass
class Frame:
    """The outermost service of this moment: who asked, their facts as last read, and what is locked so far."""

    asked: Actor
    actor: Actor
    held: set[Any]

    def current(self, actor: Actor, locked: Iterable[Any]) -> Actor:
        """The actor for an inner verb. Their facts are read again whenever it had to lock something more.

        Without that, whoever waits for the lock of a team decides afterwards by what was true before.
        """
        more = set(locked) - self.held
        self.held |= more
        if actor is not self.asked and actor is not self.actor:
            return actor.reread() if more else actor
        if more:
            self.asked, self.actor = actor, actor.reread()
        return self.actor


running: ContextVar[Frame | None] = ContextVar("running", default=None)


def service(verb: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """Make `verb(actor, obj, *, ...)` a write.

    Opens the transaction, locks the rows it is given (parents before children), hands the verb fresh copies of them
    and the Actor with the facts of this moment. A service called by another joins its transaction. In the outermost
    frame, after the rollback, a refusal is recorded in a transaction of its own, as `event_of` names it.
    Who loses the race for a name is asked once more, and then sees that it is taken.
    """

    @functools.wraps(verb)
    def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if (frame := running.get()) is not None:
            fresh = lock([*args, *kwargs.values()], beside(verb))
            return verb(frame.current(actor, fresh), *swap(args, fresh), **swap_values(kwargs, fresh))
        try:
            try:
                return begin(verb, actor, *args, **kwargs)
            except IntegrityError:  # somebody took the name between our look and our write
                return begin(verb, actor, *args, **kwargs)
        except Duplicate as duplicate:
            duplicate.event = event_of(verb.__name__, rows_among([*args, *kwargs.values()]))
            raise
        except Refused as refusal:
            refused, rows = refusal, rows_among([*args, *kwargs.values()])
            if isinstance(refused, Conflict) and refused.obj is None:
                refused.obj = next(iter(rows), None)
        audit.record_refusal(actor, refused, event_of(verb.__name__, rows))
        raise refused

    return run


def begin(verb: Callable[Concatenate[Actor, P], R], actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run the outermost verb in a transaction."""
    with transaction.atomic():
        fresh = lock([*args, *kwargs.values()], beside(verb))
        asker = actor.reread()
        token = running.set(Frame(asker, asker, set(fresh)))
        try:
            return verb(asker, *swap(args, fresh), **swap_values(kwargs, fresh))
        finally:
            running.reset(token)


def locking(*more: More) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a verb, beneath `@service`: the rows that `more` finds from those it is given are locked along with them.

    In one statement and one order, so that two who guard the same thing wait for each other instead of deadlocking.
    """

    def mark(verb: Callable[P, R]) -> Callable[P, R]:
        verb.locks_too = more  # type: ignore[attr-defined]
        return verb

    return mark


def beside(verb: Any) -> tuple[More, ...]:
    """What `locking` has marked the verb with."""
    return getattr(verb, "locks_too", ())


# The nouns of the record that names of verbs end with. `models` is none: mostly it is a column of something else.
NOUNS = (
    *("access_group", "audit", "budget", "customer", "invitation", "key", "member", "model", "organization"),
    *("project", "team", "user", "customers", "keys", "members", "users"),
)
NOUN_OF = {"membership": "member", "catalogmodel": "model", "modelaccessgroup": "access_group"}


def event_of(name: str, rows: Sequence[Model] = ()) -> str:
    """The event of an attempt, as against `member.added` of a success: a noun, a dot, and what was tried.

    `add_member` -> `member.add`. A verb whose name ends with no noun of the record takes that of the row it was tried
    on: `change_email` -> `user.change_email`, and `delete_scopes` of teams -> `team.delete`.
    """
    verb = name.removesuffix("_scopes").removesuffix("_scope")
    for noun in NOUNS:
        if name.endswith(f"_{noun}"):
            return f"{noun.removesuffix('s')}.{name.removesuffix(noun)[:-1]}"
    if not rows:
        verb, _, noun = name.partition("_")
        return f"{noun}.{verb}"
    return f"{noun_of(rows[0])}.{verb}"


def noun_of(row: Model) -> str:
    """What the record calls a row."""
    name = row._meta.model_name or ""
    return NOUN_OF.get(name, name)


def refuse(actor: Actor, refusal: Refused) -> Refused:
    """Record a refusal that no service frame will see (a look-up in a view), and hand it back to be raised."""
    if running.get() is None and refusal.obj is not None and refusal.action and not Action(refusal.action).is_read:
        noun = noun_of(refusal.obj)
        audit.record_refusal(actor, refusal, f"{noun}.{str(refusal.action).removesuffix(f'_{noun}s')}")
    return refusal


def refuse_duplicate(actor: Actor, duplicate: Duplicate) -> None:
    """Record a duplicate that its dialect answers with 409, as a refused write (rulebook 26); with 400 it is a rule."""
    if duplicate.event:
        audit.record_refusal(
            actor, Conflict("; ".join(duplicate.messages), code=duplicate.code or "duplicate"), duplicate.event
        )


def lock(values: Iterable[Any], more: Iterable[More] = ()) -> dict[tuple[type[Model], Any], Model]:
    """Lock the rows among `values` and every scope above them, parents before children; returns fresh copies.

    The person of a membership is locked too, so that no key is minted for a leaver, and so is what `more` finds.
    Raises NotFound when one of `values` is gone, Conflict when it has moved: somebody else was faster.
    """
    rows = rows_among(values)
    wanted: dict[type[Model], set[Any]] = {}
    for row in [*rows, *(found for find in more for found in find(rows))]:
        if not isinstance(row, get_user_model()):
            for kind, pk in all_scopes(row):
                wanted.setdefault(scope_models()[kind], set()).add(pk)
        if isinstance(row, get_user_model().groups.through):
            wanted.setdefault(get_user_model(), set()).add(row.user_id)
        wanted.setdefault(type(row), set()).add(row.pk)
    order = list(scope_models().values())
    found: dict[tuple[type[Model], Any], Model] = {}
    for model in sorted(wanted, key=lambda m: (order.index(m) if m in order else len(order), m._meta.label)):
        queryset = model._default_manager.select_for_update(of=("self",), no_key=True)
        for row in queryset.filter(pk__in=wanted[model]).order_by("pk"):
            found[model, row.pk] = row
    join(found)
    for row in rows:
        fresh = found.get((type(row), row.pk))
        if fresh is None:
            raise NotFound(str(row._meta.verbose_name), str(getattr(row, "public_id", row.pk)))
        if not isinstance(row, get_user_model()) and all_scopes(fresh) != all_scopes(row):
            raise Conflict(f"This {row._meta.verbose_name} was moved meanwhile. Try again.", code="moved", obj=fresh)
    return found


def join(found: Mapping[Any, Model]) -> None:
    """Let the rows refer to each other: the organization of a team that was locked with it is not read once more."""
    for row in found.values():
        for field in row._meta.concrete_fields:
            if field.many_to_one and (other := found.get((field.related_model, getattr(row, field.attname)))):
                setattr(row, field.name, other)


def rows_among(values: Iterable[Any]) -> list[Model]:
    """The stored rows among the arguments of a service, also those in lists."""
    flat = [item for value in values for item in (value if isinstance(value, list | tuple) else [value])]
    return [value for value in flat if isinstance(value, Model) and value.pk is not None]


def swap(args: Iterable[Any], fresh: dict[tuple[type[Model], Any], Model]) -> list[Any]:
    """The arguments with the fresh copies in place of the rows."""

    def swapped(arg: Any) -> Any:
        if isinstance(arg, list | tuple):
            return [swapped(item) for item in arg]
        return fresh.get((type(arg), arg.pk), arg) if isinstance(arg, Model) else arg

    return [swapped(arg) for arg in args]


def swap_values(kwargs: dict[str, Any], fresh: dict[tuple[type[Model], Any], Model]) -> dict[str, Any]:
    return dict(zip(kwargs, swap(kwargs.values(), fresh), strict=True))
