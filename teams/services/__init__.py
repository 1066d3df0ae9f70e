"""The verbs of people, teams and memberships."""

from teams.services.accounts import update_user
from teams.services.addresses import change_email, confirm_email
from teams.services.blocking import block_users, unblock_users
from teams.services.factors import remove_factors
from teams.services.identities import bind_identity
from teams.services.importing import bring_person
from teams.services.invitations import accept_invitation, create_invitation, revoke_invitation, update_invitation
from teams.services.joining import join_team
from teams.services.members import add_member, change_member, remove_member
from teams.services.moves import move_team
from teams.services.parting import delete_users
from teams.services.passwords import change_password, trigger_password_reset
from teams.services.people import create_user
from teams.services.reviewing import review_members
from teams.services.sessions import revoke_sessions
from teams.services.sharing import share_scope, unshare_scope
from teams.services.superusers import set_superuser
from teams.services.teams import (
    add_member_permissions,
    add_models,
    create_team,
    remove_models,
    set_member_permissions,
    update_team,
)
from teams.services.viewing import end_viewing, start_viewing

__all__ = [
    "accept_invitation",
    "add_member",
    "add_member_permissions",
    "add_models",
    "bind_identity",
    "block_users",
    "bring_person",
    "change_email",
    "confirm_email",
    "change_member",
    "change_password",
    "create_invitation",
    "create_team",
    "create_user",
    "delete_users",
    "end_viewing",
    "join_team",
    "move_team",
    "remove_factors",
    "remove_member",
    "review_members",
    "remove_models",
    "revoke_invitation",
    "revoke_sessions",
    "set_member_permissions",
    "set_superuser",
    "share_scope",
    "start_viewing",
    "trigger_password_reset",
    "unblock_users",
    "unshare_scope",
    "update_invitation",
    "update_team",
    "update_user",
]
