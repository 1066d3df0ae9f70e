"""/team/member_*: each function is one request, one call, one answer."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import translate
from api.litellm.bulk import AT_ONCE, tried
from api.litellm.memberships.asks import Member
from api.litellm.memberships.calls import add_members, as_list, changes_of, echoed, member_of, named
from api.litellm.memberships.rows import MEMBERS, member_rows
from api.litellm.route import WIRE
from api.litellm.scopes import is_named
from api.litellm.teams import asks
from api.litellm.teams.rows import TEAMS, one_row
from api.litellm.translate import columns
from api.types import Request
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import Membership, Team
from teams.services.joining import JOINS_AS, near, open_to
from teams.services.roles import canonical_role

MEMBER_COLUMNS = {**translate.MEMBER, "max_budget_in_team": "max_budget"}


def add(actor: Actor, body: asks.TeamMembersNew) -> dict[str, Any]:
    """Add people; or oneself, to a team that is open."""
    if is_joining(actor, body) and (open_team := open_to(actor).filter(Team.named(body.team_id)).first()):
        return added_to(actor, open_team, {named(as_list(body.member)[0]): services.join_team(actor, open_team)}, body)
    team = policy.find(actor, Action.MANAGE_MEMBERS, TEAMS, body.team_id)
    added = add_members(actor, team, people=as_list(body.member), **columns(body, MEMBER_COLUMNS))
    return added_to(actor, team, added, body)


def is_joining(actor: Actor, body: asks.TeamMembersNew) -> bool:
    """Whether the request adds the caller alone, as a user and without limits: all that joining gives."""
    people = as_list(body.member)
    mine = len(people) == 1 and actor.user is not None and is_named(actor.user, named(people[0]))
    return mine and not columns(body, MEMBER_COLUMNS) and canonical_role("team", people[0].role) == JOINS_AS


def added_to(actor: Actor, team: Team, added: dict[str, Membership], body: asks.TeamMembersNew) -> dict[str, Any]:
    people, memberships = echoed(actor, added, as_list(body.member))
    return {**one_row(actor, team), "updated_users": people, "updated_team_memberships": memberships}


def available(actor: Actor, _body: Request) -> list[dict[str, Any]]:
    """The teams that the caller may join; none unless the configuration names some."""
    return [
        {"team_id": team.public_id, "team_alias": team.alias} for team in open_to(actor).order_by("created_at", "pk")
    ]


def mine(actor: Actor, body: asks.TeamInPath) -> dict[str, Any]:
    """One's own membership. Raises NotFound for who is not in the team."""
    team = policy.find(actor, Action.SEE_TEAMS, TEAMS, body.team_id)
    own = MEMBERS.filter(group_id=team.group_id, user=actor.user) if actor.user else MEMBERS.none()
    membership = policy.visible(actor, Action.VIEW_MEMBERS, own).first()
    if membership is None:
        raise NotFound("member", actor.label)
    return {**member_rows(actor, [membership])[0], "team_alias": team.alias}


def add_many(actor: Actor, body: asks.TeamMembersMany) -> dict[str, Any]:
    """Each person by themselves: what one may not, the others still may."""
    if body.all_users == (body.members is not None):
        raise ValidationError({"members": "Name `members`, or say `all_users`."})
    team = policy.find(actor, Action.MANAGE_MEMBERS, TEAMS, body.team_id)
    people = body.members if body.members is not None else everybody(actor, team)
    results = [outcome(actor, team, person, columns(body, MEMBER_COLUMNS)) for person in people]
    added = sum(result["success"] for result in results)
    return {
        "team_id": team.public_id,
        "results": results,
        "total_requested": len(results),
        "successful_additions": added,
        "failed_additions": len(results) - added,
        "updated_team": one_row(actor, team),
    }


def everybody(actor: Actor, team: Team) -> list[Member]:
    """Everyone who may be meant by `all_users`. Raises ValidationError when they are too many for one request."""
    found = list(near(actor, team).order_by("created_at", "pk")[: AT_ONCE + 1])
    if len(found) > AT_ONCE:
        raise ValidationError({"all_users": f"There are more than {AT_ONCE} people: name them in lists."})
    return [Member(role="user", user_id=person.public_id) for person in found]


def outcome(actor: Actor, team: Team, person: Member, limits: dict[str, Any]) -> dict[str, Any]:
    """What became of one person."""
    added, reason = tried(partial(add_members, actor, team, people=[person], **limits), WIRE["team"])
    if reason is not None:
        return {"user_id": person.user_id, "user_email": person.user_email, "success": False, "error": reason}
    people, memberships = echoed(actor, added, [person])
    return {**people[0], "success": True, "updated_user": people[0], "updated_team_membership": memberships[0]}


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
