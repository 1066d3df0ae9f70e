"""Requests that take several verbs: one transaction, all or nothing, and a refusal on the way is recorded.

No rule stands here. Each verb asks for its own rights; these functions only put verbs in a row.
"""

from typing import Any

from django.core.exceptions import ValidationError

from api.litellm import requests, translate
from api.litellm.presets import PRESET_OF_TYPE, check
from api.litellm.translate import columns, ends
from api.litellm.types import Member, MemberDefaults, PersonNamed
from keys import services as keys
from keys.models import Key
from keys.permissions import to_actions
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.errors import Duplicate
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams import services as teams
from teams.models import Membership, Team, User

PEOPLE = User.objects.filter(kind=User.Kind.PERSON)


def named(member: PersonNamed) -> str:
    """The id or e-mail that a request names a person by. Raises ValidationError when there is none, or two."""
    ident = member.user_id or member.user_email
    if not ident:
        raise ValidationError({"member": "Name a person by user_id or user_email."})
    if (
        member.user_id
        and member.user_email
        and "@" in member.user_id
        and member.user_id.lower() != member.user_email.lower()
    ):
        raise ValidationError({"member": "user_id and user_email name different people."})
    return ident.lower() if "@" in ident else ident


@service
def add_members(actor: Actor, scope: Any, *, people: list[Member], **values: Any) -> dict[str, Membership]:
    """Add everybody: what they were called in the request -> their membership.

    In a list, people who are members already are passed over, unless all are (LiteLLM's rule: then Duplicate).
    """
    added: dict[str, Membership] = {}
    duplicate: Duplicate | None = None
    for member in people:
        ident = named(member)
        try:
            membership = teams.add_member(actor, scope, person=ident, role=member.role, **values)
        except Duplicate as error:
            duplicate = error
            continue
        if member.user_email and (membership.user.email or "") != member.user_email.lower():
            raise ValidationError({"member": "user_id and user_email name different people."})
        added[ident] = membership
    if duplicate and not added:
        raise duplicate
    return added


@service
def create_team(actor: Actor, body: requests.TeamNew) -> Team:
    """A team with the people named. Nobody else is added (rulebook 6)."""
    organization = (
        policy.find(actor, Action.CREATE_TEAMS, Organization, body.organization_id) if body.organization_id else None
    )
    values = columns(body, translate.TEAM) | defaults(body)
    team = teams.create_team(actor, organization, permissions=to_actions(body.team_member_permissions), **values)
    people = [*body.members_with_roles, *(Member(role="admin", user_id=ident) for ident in body.admins)]
    people += [Member(role="user", user_id=ident) for ident in body.members]
    if people:
        add_members(actor, team, people=people)
    return team


def defaults(body: MemberDefaults, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The `member_defaults` column, when the request speaks of it; null takes a default away."""
    given = columns(body, translate.MEMBER_DEFAULTS)
    if not given:
        return {}
    return {
        "member_defaults": {
            name: value for name, value in {**(before or {}), **given}.items() if value not in (None, "")
        }
    }


@service
def create_user(actor: Actor, body: requests.UserNew) -> tuple[User, Key | None, str | None]:
    """A person, with memberships and a first key, as far as the request asks for them."""
    idents = [*(body.organizations or []), *([body.organization_id] if body.organization_id else [])]
    homes = [policy.find(actor, Action.CREATE_PEOPLE, Organization, ident) for ident in dict.fromkeys(idents)]
    values = columns(body, translate.USER, leave=("user_id", "user_email", "user_role"))
    user = teams.create_user(
        actor,
        email=body.user_email,
        public_id=body.user_id,
        platform_role=body.user_role or "internal_user",
        organizations=homes,
        **values,
    )
    for place in body.teams or []:
        joined = requests.TeamOfUser(team_id=place) if isinstance(place, str) else place
        team = policy.find(actor, Action.MANAGE_MEMBERS, Team, joined.team_id)
        limit = columns(joined, {"max_budget_in_team": "max_budget"})
        teams.add_member(actor, team, person=user.public_id, role=joined.user_role, **limit)
    if not body.auto_create_key:
        return user, None, None
    home = homes[0] if len(homes) == 1 else None
    key, secret = keys.generate_key(
        actor, owner=user, organization=home, alias=body.key_alias or "", expires_at=ends(body.duration)
    )
    return user, key, secret


@service
def generate_key(actor: Actor, body: requests.KeyNew) -> tuple[Key, str]:
    """A key where the request says: `user_id` left out means oneself, null means nobody."""
    if body.key:
        raise ValidationError({"key": "Keys are made here; a secret cannot be chosen."})
    owner = policy.find(actor, Action.VIEW_PEOPLE, PEOPLE.all(), body.user_id) if body.user_id else None
    if "user_id" not in body.model_fields_set:
        owner = actor.user
    key, secret = keys.generate_key(actor, owner=owner, **places(actor, body), **key_columns(body))
    if body.blocked:
        key = keys.block_key(actor, key)
    return key, secret


@service
def generate_service_key(actor: Actor, body: requests.KeyNew) -> tuple[Key, str]:
    """A service account's key in the team or project named."""
    if body.key:
        raise ValidationError({"key": "Keys are made here; a secret cannot be chosen."})
    found = places(actor, body, Action.CREATE_SERVICE_KEYS)
    found.pop("organization", None)
    found.pop("unbound", None)
    return keys.generate_service_key(actor, **found, **key_columns(body))


def places(actor: Actor, body: requests.KeyNew, action: Action = Action.CREATE_KEYS) -> dict[str, Any]:
    """The scopes that a new key names. What the caller cannot see is 404, as always."""
    found: dict[str, Any] = {}
    if body.team_id:
        found["team"] = policy.find(actor, action, Team, body.team_id)
    if body.project_id:
        found["project"] = policy.find(actor, action, Project, body.project_id)
    if body.organization_id:
        found["organization"] = policy.find(actor, Action.SEE_ORGANIZATIONS, Organization, body.organization_id)
    elif "organization_id" in body.model_fields_set:
        found["unbound"] = True  # an explicit null: the key manages for its owner everywhere, and calls no model
    return found


def key_columns(body: requests.KeyFields) -> dict[str, Any]:
    """The columns of a key that a request sets."""
    found = columns(body, translate.KEY)
    if body.key_type and "allowed_routes" not in found:
        found["allowed_routes"] = [PRESET_OF_TYPE[body.key_type]] if body.key_type in PRESET_OF_TYPE else []
    if "allowed_routes" in found:
        found["allowed_routes"] = check(found["allowed_routes"])
    if "duration" in body.model_fields_set:
        found["expires_at"] = ends(body.duration)
    return found


@service
def update_key(actor: Actor, key: Key, *, body: requests.KeyUpdate) -> Key:
    """Change fields, and block or unblock, as the request says."""
    key = keys.update_key(actor, key, **key_columns(body))
    if body.blocked is not None and body.blocked != key.blocked:
        key = (keys.block_key if body.blocked else keys.unblock_key)(actor, key)
    return key
