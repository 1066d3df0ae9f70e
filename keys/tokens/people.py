"""From what a token says to the rows that it means. Whoever is not known is nobody, unless an upsert is configured."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.db.models import Q

from keys.refused import TokenRefused
from keys.tokens.belonging import organization_of, require_membership, team_of, teams_of
from keys.tokens.principal import Kind, Principal
from keys.tokens.provisioning import made_person, synchronised
from keys.tokens.verification import Verified
from orgs.models import Organization
from rbacadmin import role_permissions, runtime
from rbacadmin.claims import Said, said
from rbacadmin.config_file.tokens import JwtAuth
from rbacadmin.policy import Origin
from teams.models import Team, User
from teams.sso import vouched_for

ORIGIN = Origin("token")
NOBODY = "Nobody here is known by this token."
ROLE_OF: dict[Kind, str] = {"admin": "proxy_admin", "team": "team", "customer": "customer"}


def auth() -> JwtAuth:
    """How claims are read here."""
    found: JwtAuth | None = settings.JWT_AUTH
    return found or JwtAuth()


def principal_of(token: Verified, *, dry: bool = False, origin: Origin = ORIGIN) -> Principal:
    """Whom verified claims stand for at this moment. `dry` makes and changes nothing, for the tester.

    Raises TokenRefused: 401 for somebody unknown or blocked, 403 for what the rules do not let in.
    """
    rules, mapping = auth(), runtime.value("jwt")
    found = said(token.claims, rules, mapping)
    require_welcome(found, token, rules)
    organization = organization_of(found)
    issuer = str(token.claims.get("iss") or "")
    user = person_of(found, rules, issuer)
    if user is None and may_be_made(found, rules):
        user = (
            User(public_id=found.user_id, email=found.email or None)
            if dry
            else made_person(found, organization, origin, issuer=issuer, subject=subject_of(found, rules))
        )
    if user is not None and not user.is_active:
        raise TokenRefused("The person behind this token is blocked.")
    if user is not None and rules.sync_user_role_and_teams and not dry:
        user = synchronised(user, found, token.claims, origin)
    kind = kind_of(found, user)
    teams = teams_of(found, rules, organization, origin, dry=dry) if kind != "admin" else []
    return bound(token, found, rules, kind, user if kind == "user" else None, teams, organization)


def bound(
    token: Verified,
    found: Said,
    rules: JwtAuth,
    kind: Kind,
    user: User | None,
    teams: list[Team],
    organization: Organization | None,
) -> Principal:
    """The principal with everything that caps it."""
    if user is not None and not user._state.adding:
        teams = require_membership(user, teams, found, organization)
    if kind == "team" and not teams:
        raise TokenRefused("The token names no team.", status=403)
    role = ROLE_OF.get(kind, found.role)
    principal = Principal(
        kind=kind,
        subject=found.subject or found.user_id,
        claims_hash=token.digest,
        expires_at=token.expires_at,
        user=user,
        team=team_of(teams, found),
        teams=tuple(teams),
        organization=organization,
        role=role,
        customer=found.customer,
        claims=token.claims,
    )
    return capped(principal, found, rules)


def kind_of(found: Said, user: User | None) -> Kind:
    """What kind of bearer it is. A token about a person whom nobody knows is nobody's, whatever team it names."""
    if found.admin:
        return "admin"
    if found.role == "team":
        return "team"
    if user is not None:
        return "user"
    if found.role == ROLE_OF["admin"]:
        return "admin"
    if found.role == "customer":
        return "customer"
    if found.user_id or found.email:
        raise TokenRefused(NOBODY)
    if found.team_ids or found.team_alias or auth().team_id_default:
        return "team"
    if found.customer:
        return "customer"
    raise TokenRefused(NOBODY)


def require_welcome(found: Said, token: Verified, rules: JwtAuth) -> None:
    """Raise TokenRefused (403) for tokens whose roles, scopes or address do not let anybody in."""
    if found.admin:
        return
    if rules.user_allowed_roles:
        held = said(token.claims, rules, {"roles_jwt_field": rules.user_roles_jwt_field}).roles
        if not set(held) & set(rules.user_allowed_roles):
            raise TokenRefused("None of the token's roles may come in here.", status=403)
    if rules.enforce_rbac and not found.role:
        raise TokenRefused("The token's roles stand for none of ours (enforce_rbac).", status=403)
    domain = rules.user_allowed_email_domain.lower().removeprefix("@")
    address = found.email or (found.user_id.lower() if "@" in found.user_id else "")
    about_a_person = bool(found.user_id or found.email) and found.role not in ("team", "customer")
    if domain and about_a_person and address.partition("@")[1:] != ("@", domain):
        raise TokenRefused("The token's address is not of the domain that may come in here.", status=403)


def subject_of(found: Said, rules: JwtAuth) -> str:
    """The id that the issuer gives the person; empty where the claim that is read may be anything else."""
    return found.user_id if rules.user_id_jwt_field == "sub" else ""


def person_of(found: Said, rules: JwtAuth, issuer: str) -> User | None:
    """The person that the token is about: by the provider's id, ours, or a verified address, never two people.

    An id that a provider gave is believed of that provider alone: another one may give it to somebody else.
    """
    if found.role in ("team", "customer"):
        return None
    people = User.objects.people()
    by_id = None
    if found.user_id:
        rows = list(people.filter(Q(sso_id=found.user_id) | User.named(found.user_id))[:3])
        own = [row for row in rows if vouched_for(row, found.user_id, issuer)]
        named = [row for row in rows if row.sso_id is None or not subject_of(found, rules)]
        by_id = next(iter([*own, *(row for row in named if row.sso_id != found.user_id)]), None)
    if not found.email:
        return by_id
    by_email = people.filter(email=found.email).first()
    if by_id is not None and by_email is not None and by_id.pk != by_email.pk:
        raise TokenRefused("The token's id and address are two people's.")
    other = by_email is not None and by_email.sso_id is not None and not vouched_for(by_email, found.user_id, issuer)
    if by_id is None and other:
        raise TokenRefused(NOBODY)
    return by_id or by_email


def may_be_made(found: Said, rules: JwtAuth) -> bool:
    """Whether a person who is not known is made: only where configured, and never from a role that is no person's."""
    nobody = found.role in ("team", "customer") or found.admin
    return rules.user_id_upsert and bool(found.user_id or found.email) and not nobody


def capped(principal: Principal, found: Said, rules: JwtAuth) -> Principal:
    """The principal within what its kind, its role and its scopes may call. Raises TokenRefused (403)."""
    models, routes = list[Iterable[str] | None](), list[Iterable[str] | None]()
    if principal.kind == "admin":
        routes.append(rules.admin_allowed_routes)
    if principal.kind == "team":
        routes.append(rules.team_allowed_routes)
    if permission := role_permissions.of(principal.role):
        models.append(permission.models)
        routes.append(permission.routes)
    if rules.enforce_scope_based_access and principal.kind != "admin":
        mapped = [one for one in rules.scope_mappings if one.scope in found.scopes]
        if not mapped:
            raise TokenRefused("None of the token's scopes gives anything here.", status=403)
        models.append(together(one.models for one in mapped))
        routes.append(together(one.routes for one in mapped))
    return replace(
        principal,
        models=tuple(tuple(one) for one in models if one),
        routes=tuple(tuple(one) for one in routes if one),
    )


def together(lists: Iterable[list[str] | None]) -> list[str] | None:
    """What several scopes allow together; one that restricts nothing restricts nothing."""
    found: list[str] = []
    for one in lists:
        if one is None:
            return None
        found += one
    return list(dict.fromkeys(found))
