"""What the claims of an identity mean here: a platform role and teams, by the configured mappings. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rbacadmin.policy import PLATFORM_ROLES


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider vouches for them: its own id of the person, and the address if it verified that."""

    subject: str
    email: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Mapped:
    """What follows from claims. None leaves things as they are; `teams` are ids, as the claim names them."""

    role: str | None = None
    teams: tuple[str, ...] | None = None
    reasons: tuple[str, ...] = ()


def identity_of(claims: Mapping[str, Any]) -> Identity:
    """The identity that verified claims describe. An address that the provider did not verify is none."""
    said = claims.get("email_verified")
    verified = said is True or said == "true"  # as some providers write it
    return Identity(str(claims["sub"]), str(claims.get("email") or "").strip().lower() if verified else "", claims)


def mapped(
    claims: Mapping[str, Any],
    role_mapping: Mapping[str, Any] | None = None,
    team_mapping: Mapping[str, Any] | None = None,
) -> Mapped:
    """The role and the teams that the claims bring, and why.

    `role_mapping` is {claim, roles: {group: platform role}, default}, `team_mapping` {claim}. Of several roles the
    most powerful one counts. A claim that is not there changes nothing: a provider that forgets one demotes nobody.
    """
    role, why_role = mapped_role(claims, role_mapping)
    teams, why_teams = mapped_teams(claims, team_mapping)
    return Mapped(role, teams, (*why_role, *why_teams))


def mapped_role(claims: Mapping[str, Any], mapping: Mapping[str, Any] | None) -> tuple[str | None, list[str]]:
    if not mapping:
        return None, ["No role mapping is configured: the platform role stays as it is."]
    claim, roles, default = mapping["claim"], mapping["roles"], mapping.get("default")
    groups = values(claims, claim)
    if groups is None:
        return None, [f"The claim '{claim}' is missing or holds no names: the platform role stays as it is."]
    held = [(roles[group], group) for group in groups if group in roles]
    reasons = [f"'{group}' in '{claim}' brings {role}." for role, group in held]
    if held:
        role = min((role for role, _ in held), key=PLATFORM_ROLES.index)
        return role, reasons if len({role for role, _ in held}) == 1 else [*reasons, f"The most powerful is {role}."]
    if default:
        return default, [f"Nothing in '{claim}' brings a role, so it is {default}, the default."]
    return None, [f"Nothing in '{claim}' brings a role: the platform role stays as it is."]


def mapped_teams(claims: Mapping[str, Any], mapping: Mapping[str, Any] | None) -> tuple[tuple[str, ...] | None, list]:
    if not mapping:
        return None, ["No team mapping is configured: teams stay as they are."]
    names = values(claims, mapping["claim"])
    if names is None:
        return None, [f"The claim '{mapping['claim']}' is missing or holds no names: teams stay as they are."]
    if not names:
        return (), [f"'{mapping['claim']}' is empty: no team."]
    return names, [f"'{mapping['claim']}' names the team '{name}'." for name in names]


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
