"""The ten permissions of a team's members, in words (seed 003)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from keys.permissions import MEMBER_PERMISSIONS
from rbacadmin.policy import Action, grants
from teams.models import Team

MEANINGS: dict[Action, Any] = {
    Action.VIEW_KEYS: _("Open a key of the team: owner, limits, last use. Never its secret, nor what others spent."),
    Action.CHECK_KEYS: _("Ask whether a key of the team works."),
    Action.LIST_KEYS: _("See which keys the team has, also those of others."),
    Action.CREATE_KEYS: _("Make keys in the team for themselves, within the team's limits."),
    Action.CREATE_SERVICE_KEYS: _("Make keys that belong to the team, and outlive whoever made them."),
    Action.UPDATE_KEYS: _("Change the names and lower the limits of the team's keys, also those of others."),
    Action.DELETE_KEYS: _("End keys of the team for good, also those of others."),
    Action.REGENERATE_KEYS: _("Give keys of the team a new secret, and see it once."),
    Action.BLOCK_KEYS: _("Stop keys of the team until somebody unblocks them."),
    Action.UNBLOCK_KEYS: _("Let blocked keys of the team work again, as far as no higher level blocked them."),
}


@dataclass(frozen=True)
class Permission:
    """One row of the table."""

    action: Action
    label: str
    meaning: Any
    route: str
    granted: bool


def permissions_of(team: Team, wanted: frozenset[Action] | None = None) -> list[Permission]:
    """All ten, with what the team's own people hold, or would hold. One query."""
    held = grants.on(team, team.group) if wanted is None else wanted
    return [
        Permission(action, action.label, MEANINGS[action], route, action in held)
        for route, action in MEMBER_PERMISSIONS.items()
    ]
