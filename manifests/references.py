"""How one manifest finds another: by name, and only what its author sees."""

from typing import Any

from manifests import names
from manifests.errors import Waiting
from manifests.kinds.fields import Ref
from rbacadmin.policy import Actor


def find(actor: Actor, kind_name: str, ref: Ref, namespace: str, field: str) -> Any:
    """The row that the reference names. Raises Waiting: whether it is hidden or not there, nobody is told."""
    from manifests.kinds import KINDS
    from manifests.kinds.kind import CONFIG_ERROR

    kind, where = KINDS[kind_name], ref.namespace or namespace
    manifest = names.find(kind, where, ref.name)
    if manifest is not None and manifest.object_id is not None:
        row = kind.visible(actor).filter(pk=manifest.object_id).first()
        if row is not None:
            return row
    raise Waiting(CONFIG_ERROR, f"{field}: there is no {kind.name} '{ref.name}' in the namespace '{where}'.")
