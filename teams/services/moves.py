"""Teams that change their organization. Everything beneath follows; past spend stays where it was spent."""

from orgs.models import Organization
from orgs.services import require_free_alias
from rbacadmin import audit, lifecycle, policy
from rbacadmin.changes import check_limits, parent
from rbacadmin.moving import carry
from rbacadmin.policy import Action, Actor
from rbacadmin.policy.actor import unexpired
from rbacadmin.service import service
from teams.models import Invitation, Membership, Team
from teams.services.belonging import is_member, leave_all, place
from teams.services.sharing import end_shares


@service
def move_team(actor: Actor, team: Team, *, organization: Organization | None) -> Team:
    """Move the team to another organization, or to none (TEA-13: platform admins only).

    Asks on the stored parent first, then on the destination. Live members become members of the new organization,
    and stay in the old one; memberships that have ended are swept. What the members may do in the team stays; what it
    shared with others, and they with it, ends: that was between people of one organization. Raises PermissionDenied,
    Duplicate when the name (or a key's) is taken there, ValidationError when limits do not fit or a key is bound
    elsewhere too.
    """
    if team.organization_id == (organization.pk if organization else None):
        return team
    policy.require(actor, Action.MOVE_TEAMS, team)
    policy.require(actor, Action.CREATE_TEAMS, organization)
    require_free_alias(team, team.alias, organization=organization)
    check_limits(team, parent(organization))
    before = team.organization
    admit_members(actor, team, organization)
    if before is not None:
        # Two events, because neither organization's people are told where the team went, or whence it came.
        audit.record(actor, "team.moved_out", team, scope=before, alias=team.alias)
    team.organization, team.updated_by = organization, actor.label
    for follow in lifecycle.on_move:
        follow(actor, team, before)
    end_shares(actor, team)
    team.save()  # after what it carries, or a child that its team was lowered under would seem newer than the team
    audit.record(actor, "team.moved_in", team, alias=team.alias)
    return team


def admit_members(actor: Actor, team: Team, organization: Organization | None) -> None:
    """Live members become members of the new organization (closure); who had an end before the move has left."""
    inside = Membership.objects.filter(team=team).select_related("user").order_by("pk")
    for ended in inside.exclude(unexpired()):
        leave_all(actor, ended)
    for membership in inside.filter(unexpired()):
        if organization is not None and not is_member(membership.user, organization):
            place(actor, organization, membership.user, "internal_user")


def carry_people(actor: Actor, scope: Team, before: Organization | None) -> None:
    """Memberships and invitations of a team that moves go along."""
    carry(actor, "member", Membership.objects.filter(team=scope), scope)
    carry(actor, "invitation", Invitation.objects.filter(team=scope), scope)
