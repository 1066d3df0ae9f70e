"""How one manifest finds another: by name, and only what its author sees."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from manifests import names
from manifests.errors import Waiting
from manifests.kinds.fields import Ref
from manifests.models import Manifest
from rbacadmin.policy import Actor

Key = tuple[str, str, str]  # kind, namespace and name
met: ContextVar[dict[Key, Any] | None] = ContextVar("met", default=None)


@contextmanager
def remembering(known: Mapping[Key, Any]) -> Iterator[None]:
    """Within it what was found once is not looked for again: a thousand memberships name the same few teams.

    `known` is what the author sees already. What is found is only named: whoever changes it locks it and reads it
    afresh.
    """
    token = met.set(dict(known))
    try:
        yield
    finally:
        met.reset(token)


def find(actor: Actor, kind_name: str, ref: Ref, namespace: str, field: str) -> Any:
    """The row that the reference names. Raises Waiting: whether it is hidden or not there, nobody is told."""
    from manifests.kinds import KINDS
    from manifests.kinds.kind import CONFIG_ERROR

    kind, where = KINDS[kind_name], ref.namespace or namespace
    known = met.get()
    if known is not None and (row := known.get((kind_name, where, ref.name))) is not None:
        return row
    holder = Manifest.objects.filter(kind=kind.name, namespace=where, name=ref.name)
    named = kind.visible(actor).filter(pk__in=holder.values("object_id"))
    row = named.first()
    if row is None and where == names.home() and not holder.exists() and names.name_those_called(kind, ref.name):
        row = named.first()
    if row is not None:
        if known is not None:
            known[kind_name, where, ref.name] = row
        return row
    raise Waiting(CONFIG_ERROR, f"{field}: there is no {kind.name} '{ref.name}' in the namespace '{where}'.")
