"""A person with memberships and a first key in one request: one transaction, all or nothing. No rule stands here."""

from typing import Any

from api.litellm import translate
from api.litellm.translate import columns, ends
from api.litellm.users import asks
from keys import services as keys
from keys.models import Key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from rbacadmin.service import service
from teams import services as teams
from teams.models import Team, User


@service
def create_user(actor: Actor, body: asks.UserNew) -> tuple[User, Key | None, str | None]:
    """A person, with memberships and a first key, as far as the request asks for them."""
    idents = [*(body.organizations or []), *([body.organization_id] if body.organization_id else [])]
    homes = [policy.find(actor, Action.CREATE_PEOPLE, Organization, ident) for ident in dict.fromkeys(idents)]
    values = columns(body, translate.USER, leave=("user_id", "user_email", "user_role"))
    user = teams.create_user(
        actor,
        email=body.user_email,
        public_id=body.user_id,
        platform_role=body.user_role,
        organizations=homes,
        **values,
    )
    for place in body.teams or []:
        joined = asks.TeamOfUser(team_id=place) if isinstance(place, str) else place
        team = policy.find(actor, Action.MANAGE_MEMBERS, Team, joined.team_id)
        limit = columns(joined, {"max_budget_in_team": "max_budget"})
        teams.add_member(actor, team, person=user.public_id, role=joined.user_role, **limit)
    if not body.auto_create_key:
        return user, None, None
    home = homes[0] if len(homes) == 1 else None
    first: dict[str, Any] = {"alias": body.key_alias or ""}
    if "duration" in body.model_fields_set:
        first["expires_at"] = ends(body.duration)
    key, secret = keys.generate_key(actor, owner=user, organization=home, **first)
    return user, key, secret
