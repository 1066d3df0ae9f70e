"""What the roles in verified tokens stand for, and what each may call: checked here, used where tokens are read."""

from typing import Any

from rbacadmin.policy.roles import LEADING_PLATFORM_ROLE, PLATFORM_ROLES

TOKEN_ROLES = (*PLATFORM_ROLES, "team", "customer")  # the last two have no person behind them (seed 002)
EMPTY: dict[str, Any] = {"roles_jwt_field": "", "role_mappings": [], "role_permissions": []}
MOST = 200
LONGEST = 255


def checked(value: Any) -> dict[str, Any]:
    """The mapping as it is stored. Raises ValueError with a sentence."""
    if not isinstance(value, dict) or not set(value) <= set(EMPTY):
        raise ValueError(f"Must be an object of {', '.join(EMPTY)}.")
    found = {**EMPTY, **value}
    field = text(found["roles_jwt_field"], "roles_jwt_field")
    mappings = [mapping(one) for one in entries(found["role_mappings"], "role_mappings")]
    if mappings and not field:
        raise ValueError("role_mappings need roles_jwt_field: the claim that holds the roles.")
    if len({one["role"] for one in mappings}) != len(mappings):
        raise ValueError("A role of the token stands twice in role_mappings.")
    permissions = [permission(one) for one in entries(found["role_permissions"], "role_permissions")]
    if len({one["role"] for one in permissions}) != len(permissions):
        raise ValueError("A role stands twice in role_permissions.")
    return {"roles_jwt_field": field, "role_mappings": mappings, "role_permissions": permissions}


def mapping(entry: dict[str, Any]) -> dict[str, Any]:
    """A role of the token and the one that it stands for. Nobody becomes a platform admin by a pattern (SET-03)."""
    only(entry, ("role", "internal_role"), "role_mappings")
    role, internal = text(entry.get("role"), "role"), known(entry.get("internal_role"))
    if not role:
        raise ValueError("Each of role_mappings names a role of the token.")
    if internal == LEADING_PLATFORM_ROLE and any(sign in role for sign in "*?["):
        raise ValueError(f"{internal} must be mapped explicitly: name the role in full, without a pattern.")
    return {"role": role, "internal_role": internal}


def permission(entry: dict[str, Any]) -> dict[str, Any]:
    """What a role may call and which models. It narrows what the role may do and never widens it (rulebook 22)."""
    only(entry, ("role", "models", "routes"), "role_permissions")
    lists = {name: names(entry.get(name), name) for name in ("models", "routes")}
    return {"role": known(entry.get("role")), **lists}


def known(role: Any) -> str:
    if role not in TOKEN_ROLES:
        raise ValueError(f"'{str(role)[:40]}' is no role; there are: {', '.join(TOKEN_ROLES)}.")
    return str(role)


def text(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError(f"{name} must be text of at most {LONGEST} characters.")
    return value.strip()


def names(value: Any, name: str) -> list[str] | None:
    """A list of names; None restricts nothing."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > MOST:
        raise ValueError(f"{name} must be a list of at most {MOST} names.")
    return [text(one, name) for one in value]


def entries(value: Any, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > MOST or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{name} must be a list of at most {MOST} objects.")
    return value


def only(entry: dict[str, Any], allowed: tuple[str, ...], name: str) -> None:
    """Unknown names are mistakes, and a mistake here would not be noticed (rulebook 22)."""
    if unknown := set(entry) - set(allowed):
        raise ValueError(f"{name} knows no {', '.join(sorted(map(str, unknown)))}.")
