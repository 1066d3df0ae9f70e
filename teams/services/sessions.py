"""Ending sessions. A session is a row of allauth's, which knows the browser's own."""

from allauth.usersessions.models import UserSession

from rbacadmin import audit, lifecycle, policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import User


def end_sessions(actor: Actor, user: User) -> int:
    """Sign the person out everywhere, terminals too; returns in how many browsers they were. Part of another verb."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    for follow in lifecycle.on_sign_out:
        follow(actor, user)
    return len(sessions)


@service
def revoke_sessions(actor: Actor, user: User) -> int:
    """End somebody else's sessions (LOG-02); returns how many there were. Their keys go on working."""
    policy.require(actor, Action.REVOKE_SESSIONS, user)
    ended = end_sessions(actor, user)
    audit.record(actor, "user.sessions_revoked", user, sessions=ended)
    return ended
