"""Keys as LLMariner shows them."""

from collections.abc import Sequence
from typing import Any

from api.llmariner.words import enum_of, seconds
from keys.models import Key
from keys.secrets import LETTERS, PREFIX
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Membership

# without sign-ins from terminals, which are sessions
KEYS = Key.objects.select_related("user", "organization", "project").exclude(kind=Key.Kind.TERMINAL)
UNSPECIFIED = {kind: f"{kind.upper()}_ROLE_UNSPECIFIED" for kind in ("organization", "project")}
SERVICE = {"organization": "ORGANIZATION_ROLE_READER", "project": "PROJECT_ROLE_MEMBER"}  # what such a key can do


def rows(actor: Actor, keys: Sequence[Key]) -> list[dict[str, Any]]:
    """Keys that the caller may see. Needs the joins of KEYS, and one query for the roles of their owners."""
    roles = roles_of(actor, keys)
    found = []
    for key in keys:
        service = key.kind == Key.Kind.SERVICE
        own = {
            kind: (SERVICE[kind] if service and pk else roles.get((key.user_id, pk), UNSPECIFIED[kind]))
            for kind, pk in places(key)
        }
        row = {
            "id": key.prefixed_id,
            "object": "user.api_key",
            "name": key.label,
            "secret": masked(key),
            "created_at": seconds(key.created_at),
            "user": {"id": owner_of(key), "is_service_account": service},
            "organization_role": own["organization"],
            "project_role": own["project"],
            "excluded_from_rate_limiting": key.excluded_from_rate_limiting,
        }
        for name, scope in (("organization", key.organization), ("project", key.project)):
            if scope is not None:
                row[name] = {"id": scope.prefixed_id, "title": scope.alias}
        found.append(row)
    return found


def places(key: Key) -> tuple[tuple[str, Any], ...]:
    return ("organization", key.organization_id), ("project", key.project_id)


def masked(key: Key) -> str:
    """The first five characters, stars, and the last two; more is not stored."""
    return f"{PREFIX}{LETTERS[key.kind]}_*****{key.hint[-2:]}"


def owner_of(key: Key) -> str:
    """Whose key it is; LLMariner names service accounts after their key."""
    if key.kind == Key.Kind.SERVICE:
        return f"system:serviceaccount:{key.label}"
    return key.user.public_id if key.user else ""


def roles_of(actor: Actor, keys: Sequence[Key]) -> dict[Any, str]:
    """The enum of each owner's role by person and scope, as far as the caller sees it. One query."""
    owners = {key.user_id for key in keys if key.user_id}
    held = Membership.objects.filter(user__in=owners, team=None)
    found = policy.visible(actor, Action.VIEW_MEMBERS, held).values_list("user", "organization", "project", "role")
    return {
        (user, project or organization): enum_of("project" if project else "organization", role)
        for user, organization, project, role in found
    }
