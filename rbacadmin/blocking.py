"""Blocks: who set one is remembered, and only that level or one above lifts it (rulebook 11)."""

from typing import Any

from rbacadmin import audit, policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service

SCOPE_ACTIONS = {
    "organization": Action.BLOCK_ORGANIZATIONS,
    "project": Action.BLOCK_PROJECTS,
    "team": Action.BLOCK_TEAMS,
}


def block(actor: Actor, row: Any, action: Action) -> Any:
    """Block the row from the highest level that lets the actor do `action`; never sinks to a lower level."""
    policy.require(actor, action, row)
    level = policy.level(actor, action, row)
    if policy.outranks(level, row.blocked_by):
        write(actor, row, level, "blocked")
    return row


def unblock(actor: Actor, row: Any, action: Action) -> Any:
    """Lift the block. Raises PermissionDenied when a higher level set it."""
    policy.require(actor, action, row)
    policy.require_rank(actor, action, row, row.blocked_by)
    if row.blocked_by:
        write(actor, row, "", "unblocked")
    return row


def write(actor: Actor, row: Any, level: str, verbed: str) -> None:
    changed = {"blocked_by": [row.blocked_by, level]}
    row.blocked_by, row.updated_by = level, actor.label
    row.save()
    audit.record(actor, f"{row._meta.model_name}.{verbed}", row, changed=changed)


@service
def block_scope(actor: Actor, scope: Any) -> Any:
    """Block an organization, project or team: calls through it are refused (TEA-15)."""
    return block(actor, scope, SCOPE_ACTIONS[scope.kind])


@service
def unblock_scope(actor: Actor, scope: Any) -> Any:
    """Lift the block of an organization, project or team (TEA-16)."""
    return unblock(actor, scope, SCOPE_ACTIONS[scope.kind])
