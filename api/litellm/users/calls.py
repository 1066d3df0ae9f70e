"""/user/*: each function is one request, one call, one answer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from api import memberships
from api.litellm import lists
from api.litellm.keys.rows import KEYS, key_rows
from api.litellm.scopes import listed
from api.litellm.shown import NESTED
from api.litellm.teams.rows import TEAMS, team_rows
from api.litellm.users import asks, compound
from api.litellm.users.rows import PEOPLE, user_rows
from api.types import Nothing
from keys.models import Key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import ROLE_LABELS, Membership, Team, User
from teams.services.roles import canonical_role

SORT = {"user_id": "public_id", "user_alias": "name", "user_role": "platform_role"}


def new(actor: Actor, body: asks.UserNew) -> dict[str, Any]:
    """The person as the caller named them: whether an address is known elsewhere shows nowhere (rulebook 8)."""
    user, key, secret = compound.create_user(actor, body)
    ident = body.user_id or body.user_email or user.public_id
    named = {
        "user_id": ident.lower() if "@" in ident else ident,
        "user_email": body.user_email.lower() if body.user_email else ident.lower() if "@" in ident else None,
        "user_alias": body.user_alias,
        "user_role": canonical_role("platform", body.user_role or "internal_user"),
        "teams": [place if isinstance(place, str) else place.team_id for place in body.teams or []],
        "organizations": list(
            dict.fromkeys([*(body.organizations or []), *([body.organization_id] if body.organization_id else [])])
        ),
    }
    first = {**key_rows(actor, [key])[0], "key": secret} if key is not None else {"key": None}
    return {**first, **named}


def one(actor: Actor, body: asks.UserNamed) -> User:
    """One person; without `user_id`, oneself."""
    if body.user_id is None and actor.user is None:
        raise ValidationError({"user_id": "This key belongs to nobody: name a user_id."})
    return policy.find(actor, Action.VIEW_PEOPLE, PEOPLE, body.user_id or (actor.user.pk if actor.user else ""))


def teams_of(actor: Actor, user: User) -> list[Team]:
    """The teams of a person in which the caller sees both."""
    inside = TEAMS.filter(pk__in=memberships.teams_of(actor, [user])).order_by("created_at", "pk")
    return list(policy.visible(actor, Action.SEE_TEAMS, inside)[:NESTED])


def info(actor: Actor, body: asks.UserNamed) -> dict[str, Any]:
    user = one(actor, body)
    owned = KEYS.filter(user=user).order_by("created_at", "pk")
    keys = list(policy.visible(actor, Action.LIST_KEYS, owned)[:NESTED])
    return {
        "user_id": user.public_id,
        "user_info": user_rows(actor, [user])[0],
        "keys": key_rows(actor, keys),
        "teams": team_rows(actor, teams_of(actor, user)),
    }


def flat_info(actor: Actor, body: asks.UserNamed) -> dict[str, Any]:
    user = one(actor, body)
    return {**user_rows(actor, [user])[0], "teams": [team.public_id for team in teams_of(actor, user)]}


def available_roles(actor: Actor, body: Nothing) -> dict[str, Any]:
    """The roles that a person can have on the platform."""
    return {
        role: {"description": policy.meaning(role), "ui_label": ROLE_LABELS[role]} for role in policy.PLATFORM_ROLES
    }


def search(actor: Actor, body: asks.UserSearch) -> list[dict[str, Any]]:
    """People by parts of their id and e-mail."""
    policy.require_somewhere(actor, Action.VIEW_PEOPLE)
    found = PEOPLE
    if body.user_id:
        found = found.filter(public_id__icontains=body.user_id)
    if body.user_email:
        found = found.filter(email__icontains=body.user_email)
    people = policy.numbered(
        actor, Action.VIEW_PEOPLE, found, page=body.page, size=body.page_size, order=told(actor, "-created_at")
    ).items
    return [{"user_id": user.public_id, "user_email": user.email} for user in people]


def told(actor: Actor, order: str) -> str:
    """The order; by id instead of by time for who does not read when somebody came: that they were elsewhere before."""
    timed = order.removeprefix("-") in ("created_at", "updated_at")
    if not timed or policy.can(actor, Action.VIEW_SPEND):
        return order
    return "-public_id" if order.startswith("-") else "public_id"


def list_page(actor: Actor, body: asks.UserPage) -> dict[str, Any]:
    policy.require_somewhere(actor, Action.VIEW_PEOPLE)
    order = told(actor, lists.order_of(body.sort_by, body.sort_order, SORT))
    found = policy.numbered(
        actor, Action.VIEW_PEOPLE, filtered(actor, body), page=body.page, size=body.page_size, order=order
    )
    mine = policy.visible(actor, Action.LIST_KEYS, Key.objects.filter(user__in=[user.pk for user in found.items]))
    counts = dict(mine.order_by().values_list("user").annotate(Count("pk")))
    shown = user_rows(actor, found.items)
    people = [{**row, "key_count": counts.get(user.pk, 0)} for user, row in zip(found.items, shown, strict=True)]
    return lists.numbered(found, "users", people)


def filtered(actor: Actor, body: asks.UserPage) -> Any:
    """The filters of the list; filtering by a scope sees only memberships that the caller sees."""
    found = PEOPLE.all()
    if body.role:
        found = found.filter(platform_role=canonical_role("platform", body.role))
    if body.blocked is not None:
        found = found.exclude(blocked_by="") if body.blocked else found.filter(blocked_by="")
    if body.user_ids:
        found = found.filter(pk__in=User.rows_named(*listed(body.user_ids)))
    if body.user_email:
        found = found.filter(email__icontains=body.user_email)
    if body.search:
        found = found.filter(
            Q(email__icontains=body.search) | Q(name__icontains=body.search) | Q(public_id__icontains=body.search)
        )
    members = policy.visible(actor, Action.VIEW_MEMBERS, Membership.objects.all())
    if body.team:
        found = found.filter(pk__in=members.filter(team__in=Team.rows_named(body.team)).values("user"))
    if body.organization_ids:
        homes = Organization.rows_named(*listed(body.organization_ids))
        found = found.filter(pk__in=members.filter(organization__in=homes).values("user"))
    return found
