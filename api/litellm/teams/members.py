"""/team/member_*: each function is one request, one call, one answer."""

from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import translate
from api.litellm.memberships.calls import add_members, as_list, changes_of, echoed, member_of
from api.litellm.memberships.rows import member_rows
from api.litellm.teams import asks
from api.litellm.teams.rows import TEAMS, one_row
from api.litellm.translate import columns
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import Membership, Team

MEMBER_COLUMNS = {**translate.MEMBER, "max_budget_in_team": "max_budget"}


def add(actor: Actor, body: asks.TeamMembersNew) -> dict[str, Any]:
    team = policy.find(actor, Action.MANAGE_MEMBERS, TEAMS, body.team_id)
    added = add_members(actor, team, people=as_list(body.member), **columns(body, MEMBER_COLUMNS))
    people, memberships = echoed(actor, added, as_list(body.member))
    return {**one_row(actor, team), "updated_users": people, "updated_team_memberships": memberships}


def in_team(actor: Actor, team: Team, body: asks.TeamMemberNamed) -> Membership:
    """As LiteLLM has it, somebody who is not in the team is a 400."""
    try:
        return member_of(actor, team, body)
    except NotFound as error:
        raise ValidationError({"user_id": f"'{error.ident}' is not in this team."}) from error


def update(actor: Actor, body: asks.TeamMemberUpdate) -> dict[str, Any]:
    team = policy.find(actor, Action.MANAGE_MEMBERS, TEAMS, body.team_id)
    changes = changes_of(body, MEMBER_COLUMNS)
    membership = services.change_member(actor, in_team(actor, team, body), **changes)
    row = member_rows(actor, [membership])[0]
    same = ("user_id", "user_email", "role", "budget_duration", "tpm_limit", "rpm_limit", *translate.TEMPORARY)
    limits = {"max_budget_in_team": row.get("max_budget"), "allowed_models": row.get("models")}
    return {"team_id": team.public_id, **{name: row.get(name) for name in same}, **limits}


def delete(actor: Actor, body: asks.TeamMemberNamed) -> dict[str, Any]:
    """The team without the member; the keys that they held in it are archived."""
    team = policy.find(actor, Action.MANAGE_MEMBERS, TEAMS, body.team_id)
    services.remove_member(actor, in_team(actor, team, body))
    return one_row(actor, team)
