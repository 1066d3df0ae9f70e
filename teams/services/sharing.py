"""What the members of one team may do in a scope that is not theirs: given, changed and taken back."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from rbacadmin import audit, policy
from rbacadmin.policy import Action, Actor, grants
from rbacadmin.policy.decision import ScopeKey
from rbacadmin.policy.ends import reaches
from rbacadmin.policy.roles import GRANTABLE
from rbacadmin.policy.scopes import scope_models
from rbacadmin.service import service
from teams.models import Team
from teams.services.members import require_giving


@service
def share_scope(
    actor: Actor, scope: Any, *, team: Team, actions: Iterable[Action], expires_at: datetime | None = None
) -> grants.Given:
    """Let the members of a team do exactly these things in the scope, until `expires_at`; and see it, in any case.

    A scope is shared within its organization only, and nobody gives what they do not hold (rulebook 11). Whoever does
    not see the team can change what it has, but not begin. Whoever may do this only until a moment shares until then at
    the latest, and where they name no end. Raises PermissionDenied, Outlives, ValidationError.
    """
    policy.require(actor, Action.MANAGE_MEMBERS, scope)
    before = grants.given(scope, [team.group_id]).get(team.group_id)
    if before is None:
        policy.require(actor, Action.SEE_TEAMS, team)
    require_neighbours(scope, team)
    wanted = asked(scope, actions)
    policy.require_all(actor, wanted, scope)
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": "Must lie in the future."})
    if before is not None and (before.actions, before.expires_at) == (wanted, expires_at):
        return before
    given = wanted if before is None or not reaches(before.expires_at, expires_at) else wanted - before.actions
    if given:
        latest = policy.until(actor, partial(require_giving, scope=scope, given=given))
        expires_at = latest if before is None and expires_at is None else expires_at
        policy.require_within(latest, expires_at, scope)
    grants.set_for(scope, team.group, wanted, expires_at=expires_at, by=actor.label)
    now = grants.given(scope, [team.group_id])[team.group_id]
    record(actor, "shared", scope, team, before, now)
    return now


@service
def unshare_scope(actor: Actor, scope: Any, *, team: Team) -> None:
    """Take back all that the members of the team were given in the scope. What they hold by roles stays.

    Keys that they made there stay too, and call nothing unless it is shared with their owners again. Raises
    PermissionDenied, and ValidationError when nothing was given.
    """
    policy.require(actor, Action.MANAGE_MEMBERS, scope)
    before = grants.given(scope, [team.group_id]).get(team.group_id)
    if before is None or team.group_id == scope.group_id:
        raise ValidationError({"team": f"This {scope.kind} is not shared with the team."})
    grants.set_for(scope, team.group, ())
    record(actor, "unshared", scope, team, before, None)


def require_neighbours(scope: Any, team: Team) -> None:
    """Raise ValidationError unless the team is another one of the scope's organization (closure, rulebook 9)."""
    if team.pk == scope.pk:
        raise ValidationError({"team": "Not with itself: its permissions say what its members may do."})
    home = scope.pk if scope.kind == "organization" else scope.organization_id
    if home is None or team.organization_id != home:
        raise ValidationError({"team": "A team of another organization."})


def asked(scope: Any, actions: Iterable[Action]) -> frozenset[Action]:
    """What is to be given: what was asked for, and seeing the scope. Raises ValidationError."""
    named = frozenset(actions)
    if unknown := named - set(GRANTABLE[scope.kind]):
        raise ValidationError({"actions": f"Nothing to be given on a {scope.kind}: {', '.join(sorted(unknown))}."})
    if not named:
        raise ValidationError({"actions": "Say what the team may do."})
    return named | {type(scope).view_action}


def record(
    actor: Actor, verb: str, scope: Any, team: Team, before: grants.Given | None, now: grants.Given | None
) -> None:
    """Two events: what the scope's people gave, and what the team's people have since. Both rows are told of."""
    may: dict[str, Any] = {"may": [sorted(one.actions) if one else [] for one in (before, now)]}
    if (end := [one and one.expires_at for one in (before, now)]) != [None, None]:
        may["expires_at"] = end
    audit.record(actor, f"{scope.kind}.{verb}", scope, team=team.public_id, changed=may)
    given = "given_access" if now is not None else "lost_access"
    audit.record(actor, f"team.{given}", team, **{scope.kind: scope.public_id}, changed=may)


def end_shares(actor: Actor, scope: Any) -> None:
    """What a scope that closes or moves shared with others, and they with it, ends, on record."""
    ended = sorted(grants.end_sharing(scope), key=str)
    teams = {team.group_id: team for team in Team.objects.filter(group_id__in=[group for _, group in ended])}
    scopes = rows_of(key for key, _ in ended)
    for key, group in ended:
        if key in scopes and group in teams:
            audit.record(actor, f"{key[0]}.unshared", scopes[key], team=teams[group].public_id)
            audit.record(actor, "team.lost_access", teams[group], **{key[0]: scopes[key].public_id})


def rows_of(keys: Iterable[ScopeKey]) -> dict[ScopeKey, Any]:
    """The scopes, at most one query for each kind."""
    wanted = set(keys)
    found: dict[ScopeKey, Any] = {}
    for kind, model in scope_models().items():
        if ids := [pk for known, pk in wanted if known == kind]:
            found |= {(kind, row.pk): row for row in model._default_manager.filter(pk__in=ids)}
    return found
