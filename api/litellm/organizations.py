"""/organization/*: each function is one request, one call, one answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.litellm import compound, lists, people_rows, requests, rows, translate
from api.litellm.shown import NESTED
from api.litellm.translate import columns
from api.litellm.types import Member
from orgs import services
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.models import fold
from rbacadmin.policy import Action, Actor
from teams.models import Membership, Team

PAGED = "/v2/organization/list"


def new(actor: Actor, body: requests.OrganizationNew) -> dict[str, Any]:
    organization = services.create_organization(actor, **columns(body, translate.ORGANIZATION))
    return rows.organization_rows(actor, [organization])[0]


def info(actor: Actor, body: requests.OrganizationNamed) -> dict[str, Any]:
    organization = policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, body.organization_id)
    return full(actor, [organization])[0]


def list_all(actor: Actor, body: requests.OrganizationFilter) -> list[dict[str, Any]]:
    return full(actor, lists.everything(actor, Action.SEE_ORGANIZATIONS, filtered(body), paged=PAGED))


def list_page(actor: Actor, body: requests.OrganizationPage) -> dict[str, Any]:
    found = policy.numbered(
        actor, Action.SEE_ORGANIZATIONS, filtered(body), page=body.page, size=body.page_size, order="created_at"
    )
    return lists.numbered(found, "organizations", full(actor, found.items))


def filtered(body: requests.OrganizationFilter) -> Any:
    found = Organization.objects.all()
    if body.org_id:
        found = found.filter(Organization.named(body.org_id))
    if body.org_alias:
        found = found.filter(alias_key__contains=fold(body.org_alias))
    return found


def full(actor: Actor, organizations: Sequence[Organization]) -> list[dict[str, Any]]:
    """Organizations with the people and teams that the caller may see: the same few queries for one or a thousand."""
    ids = [organization.pk for organization in organizations]
    people = people_rows.visible_members(actor, organization__in=ids, team=None, project=None)
    inside = Team.objects.filter(organization__in=ids).select_related("organization").order_by("created_at", "pk")
    teams = list(policy.visible(actor, Action.SEE_TEAMS, inside)[:NESTED])
    members: dict[UUID | None, list[Any]] = defaultdict(list)
    for membership, row in zip(people, people_rows.member_rows(actor, people), strict=True):
        members[membership.organization_id].append(row)
    nested: dict[UUID | None, list[Any]] = defaultdict(list)
    for team, row in zip(teams, rows.team_rows(actor, teams), strict=True):
        nested[team.organization_id].append(row)
    shown = rows.organization_rows(actor, organizations)
    return [{**row, "members": members[pk], "teams": nested[pk]} for pk, row in zip(ids, shown, strict=True)]


def member_add(actor: Actor, body: requests.OrganizationMembers) -> dict[str, Any]:
    organization = policy.find(actor, Action.MANAGE_MEMBERS, Organization, body.organization_id)
    values = columns(body, {"max_budget_in_organization": "max_budget"})
    added = compound.add_members(actor, organization, people=as_list(body.member), **values)
    people, memberships = echoed(actor, added, as_list(body.member))
    return {
        "organization_id": organization.public_id,
        "updated_users": people,
        "updated_organization_memberships": memberships,
    }


def as_list(member: Member | list[Member]) -> list[Member]:
    return member if isinstance(member, list) else [member]


def echoed(actor: Actor, added: Mapping[str, Membership], people: Sequence[Member]) -> tuple[list[Any], list[Any]]:
    """Those added, called as the caller called them: an address known elsewhere looks like a new one (rulebook 8)."""
    addresses = {compound.named(member): member.user_email for member in people}
    who = [{"user_id": ident, "user_email": (addresses[ident] or (ident if "@" in ident else None))} for ident in added]
    shown = people_rows.member_rows(actor, list(added.values()))
    return who, [{**row, **person} for row, person in zip(shown, who, strict=True)]
