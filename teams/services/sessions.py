"""Ending sessions. A session is a row of allauth's, which knows the browser's own."""

from allauth.usersessions.models import UserSession

from rbacadmin import audit, policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import User


def end_sessions(user: User) -> int:
    """Sign the person out everywhere; returns how many sessions there were. Part of another verb, which is recorded."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


@service
def revoke_sessions(actor: Actor, user: User) -> int:
    """End somebody else's sessions (LOG-02); returns how many there were. Their keys go on working."""
    policy.require(actor, Action.REVOKE_SESSIONS, user)
    ended = end_sessions(user)
    audit.record(actor, "user.sessions_revoked", user, sessions=ended)
    return ended
