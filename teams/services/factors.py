"""Second factors: everybody keeps their own on their own pages; who has lost theirs asks an administrator."""

from allauth.mfa.models import Authenticator

from rbacadmin import audit, policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams.models import User
from teams.services.sessions import end_sessions


@service
def remove_factors(actor: Actor, user: User) -> None:
    """Take away all second factors of a person, recovery codes too, and sign them out everywhere."""
    policy.require(actor, Action.CHANGE_PEOPLE, user)
    held = Authenticator.objects.filter(user=user)
    kinds = sorted(held.values_list("type", flat=True))
    if not kinds:
        return
    held.delete()
    end_sessions(actor, user)
    audit.record(actor, "user.factors_removed", user, kinds=kinds)
