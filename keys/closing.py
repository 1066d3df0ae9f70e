"""What closing a scope and the parting of a person mean for keys."""

from typing import Any

from keys.models import Key
from keys.services import archive_key
from rbacadmin.policy import Actor
from teams.models import User


def archive_keys_in(actor: Actor, scope: Any) -> None:
    """Keys die with their scope, service keys too."""
    for key in Key.objects.select_for_update().filter(**{f"{scope.kind}_id": scope.pk}).order_by("pk"):
        archive_key(actor, key, because=f"the {scope.kind} was deleted")


def archive_keys_of(actor: Actor, user: User) -> None:
    """Keys go with the person who holds them: those that are bound to no scope that was left before."""
    for key in Key.objects.select_for_update().filter(user=user).order_by("pk"):
        archive_key(actor, key, because="the person was deleted")
