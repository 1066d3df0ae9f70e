"""Setting spend back, of keys, teams, projects and members: each function is one request, one call, one answer."""

from typing import Any

from pydantic.json_schema import SkipJsonSchema

from api.litellm import translate
from api.litellm.keys import calls as keys
from api.litellm.keys.rows import key_rows
from api.litellm.memberships.rows import member_rows
from api.litellm.projects import calls as projects
from api.litellm.projects.rows import project_rows
from api.litellm.teams.asks import TeamMemberNamed
from api.litellm.teams.members import in_team
from api.litellm.teams.rows import TEAMS, one_row
from api.litellm.translate import nano
from api.litellm.types import Amount
from api.types import Ident, Request
from gateway.resetting import reset_spend
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import Membership


class Reset(Request):
    """What the running period's spend becomes: never more than it is. The lifetime's stays."""

    reset_to: Amount = 0.0


class KeyReset(Reset):
    key: SkipJsonSchema[Ident]


class TeamReset(Reset):
    team_id: SkipJsonSchema[Ident]


class ProjectReset(Reset):
    project_id: SkipJsonSchema[Ident]


class MemberInPath(Request):
    """A member, named by the path alone."""

    team_id: SkipJsonSchema[Ident]
    user_id: SkipJsonSchema[Ident]


class MemberReset(Reset, MemberInPath):
    """What a member has spent in the team."""


def amount(body: Reset) -> int:
    return nano("reset_to", body.reset_to)


def reset_key(actor: Actor, body: KeyReset) -> dict[str, Any]:
    key = keys.find(actor, Action.RESET_KEY_SPEND, body.key)
    return key_rows(actor, [reset_spend(actor, key, to=amount(body))])[0]


def reset_team(actor: Actor, body: TeamReset) -> dict[str, Any]:
    team = policy.find(actor, Action.RESET_SPEND, TEAMS, body.team_id)
    return one_row(actor, reset_spend(actor, team, to=amount(body)))


def reset_project(actor: Actor, body: ProjectReset) -> dict[str, Any]:
    project = projects.find(actor, Action.RESET_SPEND, body.project_id)
    return project_rows(actor, [reset_spend(actor, project, to=amount(body))])[0]


def reset_member(actor: Actor, body: MemberReset) -> dict[str, Any]:
    """What a member has spent in the team."""
    membership = named(actor, Action.RESET_SPEND, body)
    return member_rows(actor, [reset_spend(actor, membership, to=amount(body))])[0]


def reset_member_budget(actor: Actor, body: MemberInPath) -> dict[str, Any]:
    """The member's own limits become those that the team's new members start with."""
    membership = named(actor, Action.CHANGE_MEMBER_LIMITS, body)
    defaults = membership.team.member_defaults if membership.team else {}
    limits = {
        column: defaults.get(column, translate.EMPTY.get(column)) for column in translate.MEMBER_DEFAULTS.values()
    }
    return member_rows(actor, [services.change_member(actor, membership, **limits)])[0]


def named(actor: Actor, action: Action, body: MemberInPath) -> Membership:
    team = policy.find(actor, action, TEAMS, body.team_id)
    return in_team(actor, team, TeamMemberNamed(team_id=body.team_id, user_id=body.user_id))
