"""What the claims of an identity mean here: whose they are, and a role and teams by the configured mappings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from rbacadmin.claims import role_of, values
from rbacadmin.policy import PLATFORM_ROLES
from rbacadmin.role_mapping import of_single_sign_on

__all__ = ("Identity", "Mapped", "first_issuer", "identity_of", "issuer_named", "mapped", "values", "vouched_for")


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider vouches for them: its own id of the person, and the address if it verified that."""

    subject: str
    email: str = ""
    issuer: str = ""  # empty: the first one that is configured
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
    email = str(claims.get("email") or "").strip().lower() if verified else ""
    return Identity(str(claims["sub"]), email, issuer_named(str(claims.get("iss") or "")), claims)


def issuer_named(issuer: str) -> str:
    """An issuer as it is compared and kept: a slash at its end says nothing. Empty: the first one."""
    return (issuer or first_issuer()).rstrip("/")


def first_issuer() -> str:
    """Whose ids those are that an administrator sets: single sign-on's, else the first that signs tokens."""
    apps = getattr(settings, "SOCIALACCOUNT_PROVIDERS", {}).get("openid_connect", {}).get("APPS", ())
    if apps:
        return str(apps[0]["settings"]["server_url"])
    return str(settings.JWT_ISSUERS[0].issuer) if settings.JWT_ISSUERS else ""


def vouched_for(person: Any, subject: str, issuer: str) -> bool:
    """Whether this identity is the person's. An id belongs to its issuer: another one may give it to anybody."""
    return person.sso_id == subject and issuer_named(person.sso_issuer) == issuer_named(issuer)


def mapped(
    claims: Mapping[str, Any],
    role_mapping: Mapping[str, Any] | None = None,
    team_mapping: Mapping[str, Any] | None = None,
) -> Mapped:
    """The role and the teams that the claims bring, and why.

    `role_mapping` is the mapping in force, or {claim, roles: {group: platform role}, default}; `team_mapping` is
    {claim}. Of several roles the most powerful one counts. A claim that is not there changes nothing: a provider
    that forgets one demotes nobody.
    """
    role, why_role = mapped_role(claims, role_mapping)
    teams, why_teams = mapped_teams(claims, team_mapping)
    return Mapped(role, teams, (*why_role, *why_teams))


def mapped_role(claims: Mapping[str, Any], mapping: Mapping[str, Any] | None) -> tuple[str | None, list[str]]:
    """A person's platform role. Roles that have nobody behind them (`team`, `customer`) are none for people."""
    rules = of_single_sign_on(mapping) if mapping and "claim" in mapping else mapping or {}
    role, reasons = role_of(claims, rules)
    if role is not None and role not in PLATFORM_ROLES:
        return None, [*reasons, f"{role} is no role of a person: the platform role stays as it is."]
    return role, reasons


def mapped_teams(claims: Mapping[str, Any], mapping: Mapping[str, Any] | None) -> tuple[tuple[str, ...] | None, list]:
    if not mapping:
        return None, ["No team mapping is configured: teams stay as they are."]
    names = values(claims, mapping["claim"])
    if names is None:
        return None, [f"The claim '{mapping['claim']}' is missing or holds no names: teams stay as they are."]
    if not names:
        return (), [f"'{mapping['claim']}' is empty: no team."]
    return names, [f"'{mapping['claim']}' names the team '{name}'." for name in names]
