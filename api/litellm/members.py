"""Members of organizations and teams: listing, changing and removing them."""

from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import changing, compound, lists, people_rows, teams
from api.litellm.translate import columns
from api.litellm.types import PersonNamed
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action, Actor
from teams import services
from teams.models import Membership, Team, User

MEMBERS = Membership.objects.select_related("user", "organization", "team", "project")
TEAMS = Team.objects.select_related("organization")


def member_of(actor: Actor, scope: Any, body: PersonNamed) -> Membership:
    """The membership of the person named. Raises NotFound when they are no member that the actor can see."""
    ident = compound.named(body)
    found = MEMBERS.filter(group_id=scope.group_id, user__in=User.objects.filter(User.named(ident)))
    membership = policy.visible(actor, Action.VIEW_MEMBERS, found).first()
    if membership is None:
        raise NotFound("member", ident)
    if body.user_id and body.user_email and membership.user.email != body.user_email.lower():
        raise ValidationError({"member": "user_id and user_email name different people."})
    return membership


def changes_of(body: Any, names: dict[str, str]) -> dict[str, Any]:
    """The role, when one is given, and the limits that a request sets."""
    return {**columns(body, names), **({} if body.role is None else {"role": body.role})}


def organization_list(actor: Actor, body: changing.OrganizationMemberPage) -> dict[str, Any]:
    """The members that the caller may see: all for admins, for everybody else their own row (ORM-01)."""
    organization = policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, body.organization_id)
    inside = MEMBERS.filter(group_id=organization.group_id)
    found = policy.numbered(actor, Action.VIEW_MEMBERS, inside, page=body.page, size=body.page_size, order="created_at")
    return lists.numbered(found, "members", people_rows.member_rows(actor, found.items))


def organization_update(actor: Actor, body: changing.OrganizationMemberUpdate) -> dict[str, Any]:
    organization = policy.find(actor, Action.MANAGE_MEMBERS, Organization, body.organization_id)
    changes = changes_of(body, {"max_budget_in_organization": "max_budget"})
    membership = services.change_member(actor, member_of(actor, organization, body), **changes)
    return people_rows.member_rows(actor, [membership])[0]


def organization_delete(actor: Actor, body: changing.OrganizationMember) -> dict[str, Any]:
    """The row as it was. Leaving the organization leaves its teams and projects (rulebook 9)."""
    organization = policy.find(actor, Action.MANAGE_MEMBERS, Organization, body.organization_id)
    membership = member_of(actor, organization, body)
    shown = people_rows.member_rows(actor, [membership])[0]
    services.remove_member(actor, membership)
    return shown


def in_team(actor: Actor, team: Team, body: changing.TeamMemberNamed) -> Membership:
    """As LiteLLM has it, somebody who is not in the team is a 400."""
    try:
        return member_of(actor, team, body)
    except NotFound as error:
        raise ValidationError({"user_id": f"'{error.ident}' is not in this team."}) from error


def team_update(actor: Actor, body: changing.TeamMemberUpdate) -> dict[str, Any]:
    team = policy.find(actor, Action.MANAGE_MEMBERS, TEAMS, body.team_id)
    changes = changes_of(body, teams.MEMBER_COLUMNS)
    membership = services.change_member(actor, in_team(actor, team, body), **changes)
    row = people_rows.member_rows(actor, [membership])[0]
    same = ("user_id", "user_email", "role", "budget_duration", "tpm_limit", "rpm_limit")
    limits = {"max_budget_in_team": row.get("max_budget"), "allowed_models": row.get("models")}
    return {"team_id": team.public_id, **{name: row.get(name) for name in same}, **limits}


def team_delete(actor: Actor, body: changing.TeamMemberNamed) -> dict[str, Any]:
    """The team without the member; the keys that they held in it are archived."""
    team = policy.find(actor, Action.MANAGE_MEMBERS, TEAMS, body.team_id)
    services.remove_member(actor, in_team(actor, team, body))
    return teams.one(actor, team)
