"""What lower apps tell upper ones. Upper apps append to the lists in `ready()`; a test asserts their content."""

from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

on_open: list[Callable[[Any, Any], None]] = []  # (actor, scope): a scope was created
on_leave: list[Callable[[Any, Any], None]] = []  # (actor, membership): somebody left a scope
on_move: list[Callable[[Any, Any, Any], None]] = []  # (actor, scope, before): a scope has a new organization, unsaved
on_sign_out: list[Callable[[Any, Any], None]] = []  # (actor, user): a person is signed out everywhere
on_part: list[Callable[[Any, Any], None]] = []  # (actor, user): a person, who has left every scope, is about to go
on_change: list[Callable[[str, str, Any], None]] = []  # (kind, id, row): a recorded change is committed
on_close: list[Callable[[Any, Any], None]] = []  # (actor, scope): a scope is about to be deleted


@receiver(post_delete, dispatch_uid="rbacadmin.drop_group")
def drop_group(sender: type, instance: Any, **_: Any) -> None:
    """A scope that goes by any path takes its group along, and with it memberships and grants."""
    if getattr(sender, "is_scope", False):
        instance.group.delete()
