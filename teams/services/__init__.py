"""The verbs of people, teams and memberships."""

from teams.services.members import add_member, change_member, remove_member
from teams.services.moves import move_team
from teams.services.people import create_user, update_user
from teams.services.teams import create_team, set_member_permissions, update_team

__all__ = [
    "add_member",
    "change_member",
    "create_team",
    "create_user",
    "move_team",
    "remove_member",
    "set_member_permissions",
    "update_team",
    "update_user",
]
