"""Which screens there are to photograph in the demo company, for each role."""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from dashboard.usage.within import may_see
from gateway.models import Budget, CatalogModel, Customer, ModelAccessGroup
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import policy
from rbacadmin.policy import Action, Actor
from teams.models import Membership, Team, User

ROLES = ("platform", "auditor", "org_admin", "team_admin", "project_owner", "member")


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
    """The cookie of a session of this person."""
    user, session = person(role), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}


def screens(role: str) -> dict[str, str]:
    """Name -> address of everything that this person may open."""
    actor = Actor.for_user(person(role))
    found = {
        "home": "/ui/",
        "organizations": "/ui/organizations/",
        "projects": "/ui/projects/",
        "teams": "/ui/teams/",
        "people": "/ui/people/",
        "keys": "/ui/keys/",
        "models": "/ui/models/",
        "groups": "/ui/models/groups/",
        "usage": "/ui/usage/",
    }
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
    for name, (model, action) in rows.items():
        ordered = model.objects.order_by("created_at")
        led = policy.visible(actor, Action.CREATE_SERVICE_KEYS, ordered).first() if name == "project" else None
        row = led or policy.visible(actor, action, ordered).first()
        for section, path in SECTIONS.get(name, {}).items():
            if row is not None and offered(actor, section, row):
                found[f"{name}{section}"] = f"/ui/{PLURALS.get(name, name + 's')}/{row.pk}/{path}"
    settings = PLATFORM if policy.can(actor, Action.VIEW_SETTINGS) else {}
    making = {"key-new": "/ui/keys/new/"} if policy.can(actor, Action.CREATE_KEYS, actor.user) else {}
    return {**found, **ELSEWHERE, **settings, **making}


def offered(actor: Actor, section: str, row: Any) -> bool:
    """Whether the row's page has this section for this person."""
    if section == "-usage":
        return may_see(actor, row)
    needed = {
        "-service-new": Action.CREATE_SERVICE_KEYS,
        **dict.fromkeys(("-edit", "-import"), Action.MANAGE_MEMBERS),
        "-access": Action.EXPLAIN_ACCESS,
    }
    needed |= {"-shared": Action.VIEW_MEMBERS, "-share-new": Action.MANAGE_MEMBERS}
    if isinstance(row, Budget | Customer):
        needed["-edit"] = Action.MANAGE_BUDGETS if isinstance(row, Budget) else Action.MANAGE_CUSTOMERS
    return section not in needed or policy.can(actor, needed[section], row)


PLURALS = {"person": "people", "group": "models/groups"}
SECTIONS: dict[str, dict[str, str]] = {
    "organization": {
        "": "",
        "-members": "members/",
        "-teams": "teams/",
        "-projects": "projects/",
        "-keys": "keys/",
        "-usage": "usage/",
        "-access": "access/",
        "-history": "history/",
        "-edit": "edit/",
        "-import": "import/",
    },
    "project": {
        "": "",
        "-members": "members/",
        "-shared": "shared/",
        "-share-new": "shared/new/",
        "-keys": "keys/",
        "-service": "service-accounts/",
        "-service-new": "service-accounts/new/",
        "-edit": "edit/",
        "-usage": "usage/?by=membership",
        "-access": "access/",
        "-history": "history/",
    },
    "team": {
        "": "",
        "-members": "members/",
        "-shared": "shared/",
        "-usage": "usage/?by=membership",
        "-access": "access/",
        "-permissions": "permissions/",
        "-keys": "keys/",
        "-models": "models/",
        "-history": "history/",
    },
    "person": {"": "", "-limits": "limits/", "-usage": "usage/?by=key", "-keys": "keys/", "-history": "history/"},
    "key": {"": "", "-usage": "usage/", "-history": "history/"},
    "model": {"": "", "-history": "history/"},
    "group": {"": ""},
    "budget": {"": "", "-edit": "edit/", "-history": "history/"},
    "customer": {"": "", "-edit": "edit/", "-history": "history/"},
}
LUCAS, HANNAH = "lucas.moreau@larkspur.example.com", "hannah.weiss@larkspur.example.com"
RESEARCH = "kind=team&object=Research"
PLATFORM = {
    "settings": "/ui/settings/",
    "claims": "/ui/settings/claims/",
    "budgets": "/ui/budgets/",
    "customers": "/ui/customers/",
}
ELSEWHERE = {
    "invitations": "/ui/people/invitations/",
    "account": "/ui/account/",
    "account-password": "/ui/account/password/",
    "account-factors": "/accounts/2fa/",
    "account-sessions": "/accounts/sessions/",
    "account-keys": "/ui/account/keys/",
    "account-invitations": "/ui/account/invitations/",
    "audit": "/ui/audit/",
    "permissions": "/ui/access/permissions/",
    "hygiene": "/ui/hygiene/",
    "find": "/ui/find/?q=re",
    "tasks": "/ui/tasks/",
    "shortcuts": "/ui/shortcuts/",
    "guide": "/ui/guide/",
    "styleguide": "/ui/styleguide/",
    "context": "/ui/context/",
    "access": "/ui/access/",
    "access-who": f"/ui/access/who/?action=manage_members&{RESEARCH}",
    "access-answer": f"/ui/access/?person={LUCAS}&action=delete_teams&{RESEARCH}",
    "access-compare": f"/ui/access/compare/?one={LUCAS}&other={HANNAH}",
}
