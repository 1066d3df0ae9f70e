"""What claims say, by one set of rules for single sign-on and for tokens. Pure functions over verified claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, get_args

from rbacadmin.config_file.shapes import TokenRole
from rbacadmin.config_file.tokens import JwtAuth

TOKEN_ROLES: tuple[str, ...] = get_args(TokenRole)  # the most powerful first
LONGEST = 255


@dataclass(frozen=True)
class Said:
    """What a token says about its bearer, before anybody has looked at a row. Ids are the provider's texts."""

    subject: str
    user_id: str = ""
    email: str = ""  # not one that the provider calls unverified
    team_ids: tuple[str, ...] = ()
    chooses_team: bool = False  # several may be named: the caller chooses
    team_alias: str = ""
    organization_id: str = ""
    organization_alias: str = ""
    customer: str = ""
    roles: tuple[str, ...] = ()
    role: str = ""  # what the roles stand for here
    scopes: tuple[str, ...] = ()
    admin: bool = False
    reasons: tuple[str, ...] = ()


def said(claims: Mapping[str, Any], auth: JwtAuth, mapping: Mapping[str, Any]) -> Said:
    """What verified claims say, by LiteLLM's names of claims and the mapping of roles that is in force."""
    role, reasons = role_of(claims, mapping)
    user_id, team_ids = text(claims, auth.user_id_jwt_field), texts(claims, auth.team_id_jwt_field)
    if auth.object_id_jwt_field and (object_id := text(claims, auth.object_id_jwt_field)):
        if role == "team":
            team_ids = (object_id,)
        else:
            user_id = object_id
    several = () if team_ids else texts(claims, auth.team_ids_jwt_field)
    scopes = scopes_of(claims)
    admin = bool(auth.admin_jwt_scope) and auth.admin_jwt_scope in scopes
    if admin:
        reasons = [*reasons, f"The scope '{auth.admin_jwt_scope}' makes a platform admin."]
    unverified = claims.get("email_verified") in (False, "false")
    email = "" if unverified else text(claims, auth.user_email_jwt_field).lower()
    if unverified and user_id and user_id == claims.get("email"):
        user_id = ""  # an address that anybody may have typed in names nobody
    return Said(
        subject=text(claims, "sub"),
        user_id=user_id,
        email=email,
        team_ids=team_ids or several,
        chooses_team=bool(several),
        team_alias=text(claims, auth.team_alias_jwt_field),
        organization_id=text(claims, auth.org_id_jwt_field),
        organization_alias=text(claims, auth.org_alias_jwt_field),
        customer=text(claims, auth.end_user_id_jwt_field),
        roles=texts(claims, mapping.get("roles_jwt_field", "")),
        role=role or "",
        scopes=scopes,
        admin=admin,
        reasons=tuple(reasons),
    )


def role_of(claims: Mapping[str, Any], mapping: Mapping[str, Any]) -> tuple[str | None, list[str]]:
    """The role that the claims stand for, and why. None leaves things as they are.

    Of several the most powerful counts. A claim that is missing says nothing: a provider that forgets one demotes
    nobody. `mapping` is {roles_jwt_field, role_mappings: [{role, internal_role}], default_role}.
    """
    claim, mappings = mapping.get("roles_jwt_field", ""), mapping.get("role_mappings", ())
    if not claim or not (mappings or mapping.get("default_role")):
        return None, ["No role mapping is configured: the platform role stays as it is."]
    held = values(claims, claim)
    if held is None:
        return None, [f"The claim '{claim}' is missing or holds no names: the platform role stays as it is."]
    found = [(one["internal_role"], name) for name in held for one in mappings if fits(name, one)]
    reasons = [f"'{name}' in '{claim}' brings {role}." for role, name in found]
    if found:
        role = min((role for role, _ in found), key=TOKEN_ROLES.index)
        return role, reasons if len({one for one, _ in found}) == 1 else [*reasons, f"The most powerful is {role}."]
    if default := mapping.get("default_role"):
        return default, [f"Nothing in '{claim}' brings a role, so it is {default}, the default."]
    return None, [f"Nothing in '{claim}' brings a role: the platform role stays as it is."]


def fits(name: str, mapping: Mapping[str, Any]) -> bool:
    """Whether a role of the token is the one mapped; the leading role is compared to the letter in any case."""
    pattern = mapping["role"]
    return name == pattern or (mapping["internal_role"] != TOKEN_ROLES[0] and fnmatchcase(name, pattern))


def scopes_of(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """OAuth's scopes: one text with spaces, or a list; Entra calls the claim `scp`."""
    found = claims.get("scope", claims.get("scp", ""))
    if isinstance(found, str):
        return tuple(found.split())
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def text(claims: Mapping[str, Any], path: str) -> str:
    """The one text of a claim, or nothing. What is longer than an id can be, or holds a NUL, is nothing."""
    found = values(claims, path) if path else None
    one = found[0].strip() if found and len(found) == 1 else ""
    return one if len(one) <= LONGEST and "\0" not in one else ""


def texts(claims: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The texts of a claim that can be names, at most a hundred."""
    found = (values(claims, path) if path else None) or ()
    return tuple(one for one in found if 0 < len(one) <= LONGEST and "\0" not in one)[:100]


def values(claims: Mapping[str, Any], path: str) -> tuple[str, ...] | None:
    """The texts of a claim, each once; None when it is missing or something else.

    The name as a whole comes first (names may be addresses, with dots), then the way into what is nested.
    """
    found: Any = claims
    for name in [path] if path in claims else path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return (found,) if found else ()
    if isinstance(found, list) and all(isinstance(item, str) for item in found):
        return tuple(dict.fromkeys(found))
    return None
