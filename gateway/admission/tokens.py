"""The cold path of JSON web tokens: from a Principal to a Caller. The same levels and rules as for keys."""

import time
from datetime import datetime
from uuid import UUID

from gateway.admission.caller import Caller
from gateway.admission.caps import Cap, narrow, of_roles, read
from gateway.admission.refusals import Refusal, Refused, calls_nothing
from gateway.admission.standing import blocked_level, ends_of_grants
from gateway.levels import Level, bound
from keys.tokens import Principal, TokenRefused
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor, Origin
from rbacadmin.policy.actor import unexpired
from rbacadmin.policy.engine import capped
from teams.models import Membership, Team, User

ORIGIN = Origin("gateway")
NEVER = float("inf")


def refusal_of(error: TokenRefused) -> Refused:
    """A token that is turned away, in admission's words."""
    wait = error.retry_after or None
    return Refused(Refusal(error.status, error.code, error.message, level="key", retry_after=wait))


def levels_of_token(principal: Principal) -> tuple[Level, ...]:
    """What binds its calls (rulebook 15, 16): a team with its member, else the organization and the person."""
    user, team = principal.user, principal.team
    if team is not None:
        member = member_of(user, team) if user is not None else None
        return bound(("member", member), ("team", team), ("organization", team.organization))
    if user is None:
        return ()
    return bound(("organization", principal.organization or only_organization(user)), ("user", user))


def member_of(user: User, team: Team) -> Membership | None:
    held = Membership.objects.select_related("user", "team").filter(unexpired(), user=user, team=team, project=None)
    return held.first()


def only_organization(user: User) -> Organization | None:
    """The organization of somebody who is in one only."""
    held = Membership.objects.filter(unexpired(), user=user, team=None, project=None)
    joined = list(Organization.objects.filter(pk__in=held.values("organization"))[:2])
    return joined[0] if len(joined) == 1 else None


def standing_of(principal: Principal, actor: Actor, levels: tuple[Level, ...]) -> Refusal | None:
    """Why no call of the token is admitted, or None."""
    if (stopped := blocked_level(levels)) is not None:
        return stopped
    rows = {level.kind: level.row for level in levels}
    if "team" in rows and principal.kind != "admin":
        allowed = principal.kind == "customer" or policy.can(actor, Action.CALL_MODELS, rows["team"])
    elif "organization" in rows:
        held = ("organization", rows["organization"].pk) in actor.roles
        allowed = held and not capped(actor, Action.CALL_MODELS)
    else:
        allowed = principal.kind != "customer" and policy.can(actor, Action.CALL_MODELS)
    if allowed:
        return None
    return calls_nothing("The bearer of this token may not call models here.", principal.kind, "")


def filled(caller: Caller, principal: Principal, levels: tuple[Level, ...]) -> Caller:
    """The caller with what the token says of it. `caller` has its levels already."""
    actor = principal.actor(ORIGIN)
    caller.user_id = principal.user.pk if principal.user is not None else None
    caller.standing = standing_of(principal, actor, levels)
    caller.aliases = principal.team.model_aliases if principal.team is not None else {}
    caller.metadata = {"customer": principal.customer} if principal.customer else {}
    caller.headers = (("x-rbacadmin-principal", "token"), *caller.headers)
    caller.expires_at = principal.expires_at
    own = [Cap("token", principal.kind, read(models, caller)) for models in principal.models]
    own += [Cap("token", principal.kind, None, routes) for routes in principal.routes]
    narrow(caller, [*own, *of_roles(caller, actor)])
    if caller.user_id:
        held = memberships_of(caller.user_id)
        caller.entities |= {caller.user_id, *held}
        now = time.time()
        ends = [end for at in held.values() if at and (end := at.timestamp()) > now]
        caller.fresh_until = min([*ends, *ends_of_grants(actor)], default=NEVER)
    return caller


def memberships_of(user_id: UUID) -> dict[UUID, datetime | None]:
    """A person's memberships, and when each ends."""
    return dict(Membership.objects.filter(user_id=user_id).values_list("pk", "expires_at"))
