"""What leaving and closing mean for keys."""

from typing import Any

from keys.models import Key
from keys.services import archive_key
from rbacadmin.policy import Actor


def archive_keys_in(actor: Actor, scope: Any) -> None:
    """Keys die with their scope, service keys too."""
    for key in Key.objects.select_for_update().filter(**{f"{scope.kind}_id": scope.pk}).order_by("pk"):
        archive_key(actor, key, because=f"the {scope.kind} was deleted")
