"""Which screens there are to photograph in the demo company, for each role.

The list is the same for all: whether a screen is somebody's, its answer says. For the platform's admin a refusal is a
mistake in the list. What stands on screen only after something was done is in `deeds.py`.
"""

import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from dashboard.sharing.listing import shares
from gateway.models import Budget, CatalogModel, Customer, ModelAccessGroup
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Membership, Team, User

ROLES = (
    "platform",
    "auditor",
    "org_admin",
    "team_admin",
    "project_owner",
    "member",
    "nobody",
)


def person(role: str) -> User:
    """Somebody of the demo company in this role."""
    platform = {"platform": "proxy_admin", "auditor": "proxy_admin_viewer"}
    if role in platform:
        return User.objects.filter(platform_role=platform[role]).order_by("created_at")[0]
    held = {"org_admin": "org_admin", "team_admin": "admin", "project_owner": "owner", "member": "user"}[role]
    others = Membership.objects.filter(role__in=["org_admin", "admin", "owner"]).exclude(role=held).values("user")
    found = Membership.objects.filter(role=held, organization__alias="Larkspur Health").exclude(user__in=others)
    return found.select_related("user").order_by("user__email")[0].user


def session_of(role: str) -> dict[str, Any]:
    """The cookie of a session of the person in this role."""
    return session_for(person(role))


def session_for(user: User) -> dict[str, Any]:
    """The cookie of somebody who signed in with a password a moment ago."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}


def screens(role: str) -> dict[str, str]:
    """Name -> address of everything that the person in this role may open, and of what they would be refused."""
    return screens_of(Actor.for_user(person(role)))


def screens_of(actor: Actor) -> dict[str, str]:
    """The same for anybody."""
    rows: dict[str, tuple[Any, Action]] = {
        "organization": (Organization, Action.SEE_ORGANIZATIONS),
        "team": (Team, Action.SEE_TEAMS),
        "project": (Project, Action.VIEW_PROJECTS),
        "key": (Key, Action.VIEW_KEYS),
        "person": (User, Action.VIEW_PEOPLE),
        "model": (CatalogModel, Action.VIEW_MODELS),
        "group": (ModelAccessGroup, Action.VIEW_ACCESS_GROUPS),
        "budget": (Budget, Action.VIEW_BUDGETS),
        "customer": (Customer, Action.VIEW_CUSTOMERS),
    }
    found = dict(ELSEWHERE)
    for name, (model, action) in rows.items():
        ordered = model.objects.order_by("created_at")
        led = policy.visible(actor, Action.CREATE_SERVICE_KEYS, ordered).first() if name == "project" else None
        row = led or policy.visible(actor, action, ordered).first()
        if row is not None:
            at = f"/ui/{PLURALS.get(name, name + 's')}/{row.pk}/"
            found |= {f"{name}{section}": f"{at}{path}" for section, path in SECTIONS[name].items()}
            found |= {f"{name}{section}": f"{at}{path}" for section, path in beneath(actor, row)}
    return found


def beneath(actor: Actor, row: Any) -> Iterator[tuple[str, str]]:
    """What hangs on something within a row: a member, an account, a team that it is shared with."""
    if isinstance(row, Organization | Project | Team):
        yield "-review", f"../../access/review/{row.kind}/{row.pk}/"
        of_it = {"team": None, "project": None, row.kind: row}  # an organization's own, not those of its teams
        members = Membership.objects.filter(**of_it).exclude(user=actor.user).order_by("created_at")
        if member := members.first():
            yield from ((f"-member-{verb}", f"members/{member.pk}/{verb}/") for verb in ("edit", "remove"))
        for share in shares(actor, row, None)[1][:1]:
            yield from (("-share", f"shared/{share.team.pk}/"), ("-share-end", f"shared/{share.team.pk}/end/"))
    if isinstance(row, Project):
        robots = User.objects.filter(kind=User.Kind.SERVICE, keys__project=row)
        if account := robots.order_by("created_at").first():
            verbs = (("key-new", "keys/new"), ("rename", "rename"), ("delete", "delete"))
            yield from ((f"-service-{name}", f"service-accounts/{account.pk}/{path}/") for name, path in verbs)
    if isinstance(row, User):
        yield "-access", f"../../access/people/{row.pk}/"


def sections(*names: str) -> dict[str, str]:
    """A row's own page, and its sections and questions."""
    return {"": "", **{f"-{name}": f"{name}/" for name in names}}


PLURALS = {"person": "people", "group": "models/groups"}
SCOPE = ("members", "access", "keys", "history", "shared", "edit", "delete")
BY_MEMBER = {"-usage": "usage/?by=membership"}
SHARING = {"-share-new": "shared/new/"}
SERVICE = {"-service": "service-accounts/", "-service-new": "service-accounts/new/"}
PERSON = ("limits", "keys", "sessions", "history", "edit", "email", "delete", "block", "invite")
SECTIONS: dict[str, dict[str, str]] = {
    "organization": sections(*SCOPE, "teams", "projects", "usage", "import") | SHARING,
    "project": sections(*SCOPE, "reset") | SHARING | SERVICE | BY_MEMBER,
    "team": sections(*SCOPE, "permissions", "models", "move", "reset") | SHARING | BY_MEMBER,
    "person": sections(*PERSON, "reset", "factors", "sign-out") | {"-usage": "usage/?by=key"},
    "key": sections("usage", "history", "edit", "regenerate", "delete"),
    "model": sections("history", "edit", "delete"),
    "group": sections("history", "edit", "delete"),
    "budget": sections("history", "edit", "delete"),
    "customer": sections("history", "edit", "delete"),
}
LUCAS, HANNAH = "lucas.moreau@larkspur.example.com", "hannah.weiss@larkspur.example.com"
RESEARCH = "kind=team&object=Research"
ELSEWHERE = {
    "home": "/ui/",
    **{name: f"/ui/{name}/" for name in ("organizations", "projects", "teams", "people", "keys", "models", "usage")},
    **{f"{name}-new": f"/ui/{name}s/new/" for name in ("organization", "project", "team", "key", "model")},
    "groups": "/ui/models/groups/",
    "group-new": "/ui/models/groups/new/",
    "person-new": "/ui/people/new/",
    "budgets": "/ui/budgets/",
    "budget-new": "/ui/budgets/new/",
    "customers": "/ui/customers/",
    "customer-new": "/ui/customers/new/",
    "settings": "/ui/settings/",
    "claims": "/ui/settings/claims/",
    "invitations": "/ui/people/invitations/",
    "account": "/ui/account/",
    "account-password": "/ui/account/password/",
    "account-factors": "/accounts/2fa/",
    "account-totp": "/accounts/2fa/totp/activate/",
    "account-passkeys": "/accounts/2fa/webauthn/",
    "account-passkey-new": "/accounts/2fa/webauthn/add/",
    "account-sessions": "/accounts/sessions/",
    "account-keys": "/ui/account/keys/",
    "account-terminals": "/ui/account/terminal/",
    "account-invitations": "/ui/account/invitations/",
    "account-logout": "/accounts/logout/",
    "audit": "/ui/audit/",
    "audit-refused": "/ui/audit/refused/",
    "permissions": "/ui/access/permissions/",
    "hygiene": "/ui/hygiene/",
    "find": "/ui/find/?q=re",
    "tasks": "/ui/tasks/",
    "shortcuts": "/ui/shortcuts/",
    "guide": "/ui/guide/",
    "styleguide": "/ui/styleguide/",
    "context": "/ui/context/",
    "view-as": "/ui/view-as/",
    "access": "/ui/access/",
    "access-who": f"/ui/access/who/?action=manage_members&{RESEARCH}",
    "access-answer": f"/ui/access/?person={LUCAS}&action=delete_teams&{RESEARCH}",
    "access-compare": f"/ui/access/compare/?one={LUCAS}&other={HANNAH}",
    "nothing-found": "/ui/keys/?q=nothing+of+that+name",
}
OUTSIDE = {
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "password-forgotten": "/accounts/password/reset/",
    "password-sent": "/accounts/password/reset/done/",
    "link-spent": "/accounts/link/spent/link/",
    "invitation-spent": "/accounts/invitation/spent/",
}
REFUSED = {"error-404": "/ui/no-such-page/", "error-403": "/ui/organizations/new/"}  # on purpose, for whom it is one
