"""A team and its people in one request: one transaction, all or nothing. No rule stands here."""

from typing import Any

from api.litellm import translate
from api.litellm.memberships.asks import Member
from api.litellm.memberships.calls import add_members
from api.litellm.merging import patched
from api.litellm.teams import asks
from api.litellm.translate import columns, nano
from gateway.resetting import reset_spend
from gateway.spent import spent
from keys.permissions import to_actions
from orgs.models import Organization
from rbacadmin import money, policy, runtime
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.roles import LEADING_ROLE
from rbacadmin.service import service
from teams import services as teams
from teams.models import Team, User


@service
def create_team(actor: Actor, body: asks.TeamNew) -> Team:
    """A team with the people named. Nobody else is added, unless a setting adds the caller (rulebook 6)."""
    organization = (
        policy.find(actor, Action.CREATE_TEAMS, Organization, body.organization_id) if body.organization_id else None
    )
    values = columns(body, translate.TEAM) | defaults(body)
    team = teams.create_team(actor, organization, permissions=to_actions(body.team_member_permissions), **values)
    people = [*body.members_with_roles, *(Member(role="admin", user_id=ident) for ident in body.admins)]
    people += [Member(role="user", user_id=ident) for ident in body.members]
    if actor.user and runtime.value("add_creator_to_teams") and not names(people, actor.user):
        people.append(Member(role=LEADING_ROLE["team"], user_id=actor.user.public_id))
    if people:
        add_members(actor, team, people=people)
    return team


def names(people: list[Member], user: User) -> bool:
    """Whether the request speaks of this person itself."""
    return any({member.user_id, member.user_email} & {user.public_id, user.email, str(user.pk)} for member in people)


@service
def update_team(actor: Actor, team: Team, *, body: asks.TeamUpdate, **place: Organization | None) -> Team:
    """Change the fields given and, when `place` names another `organization`, move the team there."""
    changes = columns(body, translate.TEAM, leave=("team_id",)) | apart(body, team)
    team = teams.update_team(actor, team, **changes)
    if body.spend is not None and body.spend != money.to_number(spent([team]).get(team.pk, 0)):
        team = reset_spend(actor, team, to=nano("spend", body.spend))
    return teams.move_team(actor, team, **place) if place else team


@service
def patch_team(actor: Actor, team: Team, *, body: asks.TeamPatch, **place: Organization | None) -> Team:
    """Merge into what the team holds at this moment, and move it as `update_team` does."""
    changes = patched(team, body, translate.TEAM, leave=("team_id",)) | apart(body, team)
    team = teams.update_team(actor, team, **changes)
    return teams.move_team(actor, team, **place) if place else team


def apart(body: asks.TeamFields, team: Team) -> dict[str, Any]:
    """What a request sets that is no column of its own: the members' defaults and permissions."""
    changes = defaults(body, team.member_defaults)
    if "team_member_permissions" in body.model_fields_set:
        changes["permissions"] = to_actions(body.team_member_permissions)
    return changes


def defaults(body: asks.MemberDefaults, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The `member_defaults` column, when the request speaks of it; null takes a default away."""
    given = columns(body, translate.MEMBER_DEFAULTS)
    if not given:
        return {}
    return {
        "member_defaults": {
            name: value for name, value in {**(before or {}), **given}.items() if value not in (None, "")
        }
    }
