"""/v1/organization/groups: groups are teams."""

from collections.abc import Sequence
from typing import Any, Literal

from api.openai.administration.pages import ByNext, LongPage, by_next, cut, sorted_by, stamp
from api.openai.administration.places import MEMBERS, member_of, person, team_of
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Ident, Named, Request, Response
from orgs.closing import delete_scopes
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from teams import services
from teams.models import Team

JOINS_AS = "user"


class GroupNew(Request):
    name: Named


class OfGroup(Request):
    group_id: Ident


class GroupUpdate(OfGroup):
    name: Named


class GroupUserPage(LongPage, OfGroup):
    pass


class OfGroupUser(OfGroup):
    user_id: Ident


class GroupUpdated(Response):
    id: str
    name: str
    created_at: int
    is_scim_managed: bool = False


class Group(GroupUpdated):
    group_type: Literal["group"] = "group"


class Groups(ByNext):
    data: Sequence[Group]


class GroupDeleted(Response):
    id: str
    object: Literal["group.deleted"] = "group.deleted"
    deleted: bool = True


class GroupUser(Response):
    id: str
    email: str | None = None
    name: str


class GroupUsers(ByNext):
    data: Sequence[GroupUser]


class GroupUserFull(GroupUser):
    is_service_account: bool = False
    user_type: Literal["user"] = "user"


class GroupUserAdded(Response):
    object: Literal["group.user"] = "group.user"
    group_id: str
    user_id: str


class GroupUserDeleted(Response):
    object: Literal["group.user.deleted"] = "group.user.deleted"
    deleted: bool = True


def facts(team: Team) -> dict[str, Any]:
    """What every answer about a group says of it."""
    return {"id": team.prefixed_id, "name": team.alias, "created_at": stamp(team.created_at)}


def shown(team: Team) -> Group:
    return Group(**facts(team))


def list_page(context: Context, body: LongPage) -> Groups:
    rows = Team.objects.filter(organization=context.organization)
    items, more = cut(context, Action.SEE_TEAMS, rows, body, order=sorted_by(body))
    return by_next(Groups, [shown(team) for team in items], more)


def new(context: Context, body: GroupNew) -> Group:
    return shown(services.create_team(context.actor, context.organization, alias=body.name))


def info(context: Context, body: OfGroup) -> Group:
    return shown(team_of(context, Action.SEE_TEAMS, body.group_id))


def update(context: Context, body: GroupUpdate) -> GroupUpdated:
    team = services.update_team(context.actor, team_of(context, Action.CHANGE_TEAMS, body.group_id), alias=body.name)
    return GroupUpdated(**facts(team))


def delete(context: Context, body: OfGroup) -> GroupDeleted:
    team = team_of(context, Action.DELETE_TEAMS, body.group_id)
    delete_scopes(context.actor, team)
    return GroupDeleted(id=team.prefixed_id)


def list_users(context: Context, body: GroupUserPage) -> GroupUsers:
    """All members for who leads the team, else the own row."""
    team = team_of(context, Action.SEE_TEAMS, body.group_id)
    rows = MEMBERS.filter(group_id=team.group_id)
    items, more = cut(context, Action.VIEW_MEMBERS, rows, body, order=sorted_by(body), named=person)
    people = [row.user for row in items]
    return by_next(GroupUsers, [GroupUser(id=one.prefixed_id, email=one.email, name=one.name) for one in people], more)


def add_user(context: Context, body: OfGroupUser) -> GroupUserAdded:
    """Who joins is a plain member of the team; its admins are named through the other doors."""
    team = team_of(context, Action.MANAGE_MEMBERS, body.group_id)
    membership = services.add_member(context.actor, team, person=body.user_id, role=JOINS_AS)
    return GroupUserAdded(group_id=team.prefixed_id, user_id=membership.user.prefixed_id)


def info_user(context: Context, body: OfGroupUser) -> GroupUserFull:
    user = member_of(context, team_of(context, Action.SEE_TEAMS, body.group_id), body.user_id).user
    return GroupUserFull(id=user.prefixed_id, email=user.email, name=user.name)


def delete_user(context: Context, body: OfGroupUser) -> GroupUserDeleted:
    team = team_of(context, Action.MANAGE_MEMBERS, body.group_id)
    services.remove_member(context.actor, member_of(context, team, body.user_id))
    return GroupUserDeleted()


PATH = "/v1/organization/groups"
ONE = f"{PATH}/{{group_id}}"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.SEE_TEAMS, LongPage, Groups, list_page, "error", "The teams that you may see"),
    Route(PATH, POST, Do.CREATE_TEAMS, GroupNew, Group, new, "error", "Create a team"),
    Route(ONE, GET, Do.SEE_TEAMS, OfGroup, Group, info, "error", "A team"),
    Route(ONE, POST, Do.CHANGE_TEAMS, GroupUpdate, GroupUpdated, update, "error", "Rename a team"),
    Route(ONE, DELETE, Do.DELETE_TEAMS, OfGroup, GroupDeleted, delete, "error", "Delete a team with its keys"),
    Route(f"{ONE}/users", GET, Do.VIEW_MEMBERS, GroupUserPage, GroupUsers, list_users, "error",
          "The members that you may see"),
    Route(f"{ONE}/users", POST, Do.MANAGE_MEMBERS, OfGroupUser, GroupUserAdded, add_user, "error",
          "Add a person to a team"),
    Route(f"{ONE}/users/{{user_id}}", GET, Do.VIEW_MEMBERS, OfGroupUser, GroupUserFull, info_user, "error",
          "A member of a team"),
    Route(f"{ONE}/users/{{user_id}}", DELETE, Do.MANAGE_MEMBERS, OfGroupUser, GroupUserDeleted, delete_user, "error",
          "Take a person out of a team"),
)
# fmt: on
