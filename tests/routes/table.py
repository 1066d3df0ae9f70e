"""One row for every route of the URL map: who gets what. A route without a row fails the suite."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from teams.models import Membership
from tests.world import World

# Who walks. `stranger` and `there_member` are of the other organization; the superuser opens Django admin.
PERSONAS = (
    *("anonymous", "loner", "member", "org_admin", "auditor", "proxy_admin"),
    *("stranger", "there_member", "superuser"),
)
SIGNED_IN = PERSONAS[1:]
ELSEWHERE = ("stranger", "there_member")


@dataclass(frozen=True)
class Rule:
    """What GET answers, by persona. `path` makes the address where the route has parameters.

    `session` says whether the persona comes with a browser session (else with a key, as dialects want it).
    """

    statuses: Mapping[str, int]
    path: Callable[[World], str] | None = None
    session: bool = True
    about_object: bool = False
    signs_in: str = "/accounts/login/"  # where 302 sends who is not signed in
    methods: tuple[str, ...] = ()  # of dialect routes


def everybody(status: int, **others: int) -> dict[str, int]:
    return {**dict.fromkeys(PERSONAS, status), **others}


def signed_in(status: int = 200, **others: int) -> dict[str, int]:
    """Anonymous people are sent to the sign-in page."""
    return everybody(status, anonymous=302, **others)


def page(status: int = 200, **others: int) -> Rule:
    return Rule(signed_in(status, **others))


def public(status: int = 200, **others: int) -> Rule:
    return Rule(everybody(status, **others))


def at(address: str, rule: Rule) -> Rule:
    """The rule, at this address: for parameters that name nothing in particular."""
    return replace(rule, path=lambda world: address)


def about(path: Callable[[World], str], **statuses: int) -> Rule:
    """A page about one object. The other organization never sees it."""
    return Rule(signed_in(200, loner=404, stranger=404, there_member=404, **statuses), path, about_object=True)


def url(name: str, *parts: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[getattr(world.here, part).pk for part in parts])


def membership_url(name: str) -> Callable[[World], str]:
    def path(world: World) -> str:
        colleague = Membership.objects.get(user=world.here.colleague, team=world.here.team)
        return reverse(name, args=[world.here.team.pk, colleague.pk])

    return path


DASHBOARD: dict[str, Rule] = {
    "": public(302),
    "ui": public(302),
    "ui/": page(),
    "ui/theme/": public(405),
    "ui/styleguide/": page(),
    "ui/organizations/": page(),
    "ui/organizations/<uuid:pk>/": about(url("organization-detail", "organization")),
    "ui/teams/": page(),
    "ui/teams/<uuid:pk>/": about(url("team-detail", "team")),
    "ui/teams/<uuid:pk>/members/": about(url("team-members", "team")),
    # POST only: the method is wrong for everybody, before anything is looked up
    "ui/teams/<uuid:pk>/members/<uuid:member>/": Rule(signed_in(405), membership_url("team-member")),
    "ui/teams/<uuid:pk>/members/<uuid:member>/remove/": about(
        membership_url("team-member-remove"), member=403, auditor=403
    ),
    "ui/keys/": page(),
}

NOT_FOR_GUESTS = public(302, anonymous=200)  # who is signed in is sent home
SIGN_IN: dict[str, Rule] = {
    "accounts/link/<str:ident>/<str:token>/": at("/accounts/link/x/y/", public(410)),
    "accounts/email/": public(404),
    "accounts/login/": NOT_FOR_GUESTS,
    "accounts/logout/": page(),
    "accounts/inactive/": public(),
    "accounts/signup/": NOT_FOR_GUESTS,
    "accounts/reauthenticate/": page(403),  # nothing to repeat: these sessions began without a password
    "accounts/confirm-email/": public(),
    "accounts/password/change/": page(302),  # to the next: nobody here has a password yet
    "accounts/password/set/": page(),
    "accounts/password/reset/": public(),
    "accounts/login/code/confirm/": public(302),
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": at("/accounts/confirm-email/abc/", public()),
    "accounts/password/reset/key/done/": public(),
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": at(
        "/accounts/password/reset/key/1-abc/", public()
    ),
    "accounts/password/reset/done/": public(),
    "accounts/2fa/": page(),
    "accounts/2fa/authenticate/": public(302),
    "accounts/2fa/reauthenticate/": page(403),
    "accounts/2fa/totp/activate/": page(),
    "accounts/2fa/totp/deactivate/": page(404),
    "accounts/2fa/recovery-codes/": page(404),
    "accounts/2fa/recovery-codes/generate/": page(),
    "accounts/2fa/recovery-codes/download/": page(404),
    "accounts/2fa/webauthn/": page(),
    "accounts/2fa/webauthn/add/": page(),
    "accounts/2fa/webauthn/reauthenticate/": page(403),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": at("/accounts/2fa/webauthn/keys/1/remove/", page(404)),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": at("/accounts/2fa/webauthn/keys/1/edit/", page(404)),
    "accounts/2fa/webauthn/login/": public(302),
    "accounts/3rdparty/login/cancelled/": public(),
    "accounts/3rdparty/login/error/": page(401),
    "accounts/3rdparty/signup/": public(302),
    "accounts/3rdparty/": page(),
    "accounts/social/login/cancelled/": page(301),
    "accounts/social/login/error/": page(301),
    "accounts/social/signup/": page(301),
    "accounts/social/connections/": page(301),
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/": at("/accounts/oidc/none/login/", public(404)),
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/": at("/accounts/oidc/none/login/callback/", public(404)),
    "accounts/sessions/": page(),
}


def admin(status: int = 200) -> Rule:
    """Django admin is for superusers; everybody else is asked to sign in as one."""
    return Rule(everybody(302, superuser=status), signs_in="/admin/login/")


ADMIN: dict[str, Rule] = {
    "admin/": admin(),
    "admin/login/": public(200, superuser=302),
    "admin/logout/": admin(405),
    "admin/password_change/": admin(),
    "admin/password_change/done/": admin(),
    "admin/autocomplete/": admin(403),
    "admin/jsi18n/": admin(),
    "admin/r/<path:content_type_id>/<path:object_id>/": at("/admin/r/1/1/", admin(404)),
    "admin/(?P<url>.*)$": at("/admin/nothing-here/", admin(404)),
}
# What superusers see in Django admin. Every entry is a decision: saving there must run the services' rules.
ADMIN_MODELS: tuple[str, ...] = (
    *("account/emailaddress", "socialaccount/socialapp", "socialaccount/socialtoken"),
    *("socialaccount/socialaccount", "mfa/authenticator", "usersessions/usersession"),
)
OUR_MODELS: tuple[str, ...] = (
    *("rbacadmin/auditevent", "rbacadmin/change", "rbacadmin/archived", "rbacadmin/resourcename"),
    *("orgs/organization", "orgs/project", "orgs/organizationgrant", "orgs/projectgrant"),
    *("teams/user", "teams/team", "teams/membership", "teams/invitation", "teams/teamgrant"),
    *("keys/key", "gateway/catalogmodel", "gateway/modelaccessgroup", "gateway/spend", "gateway/dailyusage"),
)
ADDABLE = ("orgs/organization", "orgs/project", "teams/user", "teams/team", "teams/membership")
REMOVABLE = ("teams/membership", "keys/key")
NOTHING = "00000000"  # an id that is none
for model in (*ADMIN_MODELS, *OUR_MODELS):
    ours = model in OUR_MODELS
    ADMIN[f"admin/{model}/"] = admin()
    ADMIN[f"admin/{model}/add/"] = admin(403 if ours and model not in ADDABLE else 200)
    for part in ("history/", "delete/", "change/", ""):
        refused = ours and part == "delete/" and model not in REMOVABLE
        found = at(f"/admin/{model}/{NOTHING}/{part}", admin(403 if refused else 302))
        ADMIN[f"admin/{model}/<path:object_id>/{part}"] = found
APPS = "|".join(dict.fromkeys(model.split("/")[0] for model in (*OUR_MODELS, *ADMIN_MODELS)))
ADMIN[rf"admin/^(?P<app_label>{APPS})/$"] = at(f"/admin/{ADMIN_MODELS[0].split('/')[0]}/", admin())


def dialect(status: int, *methods: str, **others: int) -> Rule:
    """What the first method answers to an empty request with a key. 422 and 400 come before any right is asked."""
    return Rule(everybody(status, anonymous=401, **others), session=False, methods=methods)


READS, UPDATES, DELETES = ("GET", "POST"), ("POST", "PATCH"), ("POST", "DELETE")
PLATFORM_ONLY = dict.fromkeys(("loner", "member", "org_admin", "auditor", "stranger", "there_member"), 403)
IN_CHARGE_OF_NOBODY = dict.fromkeys(("loner", "member", "there_member"), 403)
DIALECT: dict[str, Rule] = {
    "organization/new": dialect(422, "POST"),
    "organization/info": dialect(422, "GET"),
    "organization/list": dialect(200, *READS),
    "v2/organization/list": dialect(200, *READS),
    "organization/member_add": dialect(422, "POST"),
    "organization/update": dialect(422, *UPDATES),
    "organization/delete": dialect(422, *DELETES),
    "organization/members": dialect(422, "GET"),
    "organization/member_update": dialect(422, *UPDATES),
    "organization/member_delete": dialect(422, *DELETES),
    "project/new": dialect(422, "POST"),
    "project/update": dialect(422, *UPDATES),
    "project/info": dialect(422, "GET"),
    "project/list": dialect(200, *READS),
    "project/delete": dialect(422, *DELETES),
    "project/members": dialect(422, "GET"),
    "project/member_add": dialect(422, "POST"),
    "project/member_update": dialect(422, *UPDATES),
    "project/member_delete": dialect(422, *DELETES),
    "team/new": dialect(422, "POST"),
    "team/delete": dialect(422, *DELETES),
    "team/block": dialect(422, "POST"),
    "team/unblock": dialect(422, "POST"),
    "team/member_update": dialect(422, *UPDATES),
    "team/member_delete": dialect(422, *DELETES),
    "team/update": dialect(422, *UPDATES),
    "team/info": dialect(422, "GET"),
    "team/list": dialect(200, *READS),
    "v2/team/list": dialect(200, *READS),
    "team/member_add": dialect(422, "POST"),
    "team/permissions_list": dialect(422, "GET"),
    "team/permissions_update": dialect(422, *UPDATES),
    "user/new": dialect(200, "POST", **PLATFORM_ONLY),  # nameless people are the platform's business
    "user/info": dialect(200, "GET"),
    "user/list": dialect(200, *READS, **IN_CHARGE_OF_NOBODY),
    "key/generate": dialect(200, "POST", auditor=403),
    "key/service-account/generate": dialect(400, "POST"),
    "key/info": dialect(200, "GET"),
    "key/health": dialect(200, *READS),
    "key/list": dialect(200, *READS),
    "key/update": dialect(400, *UPDATES),
    "key/delete": dialect(400, *DELETES),
    "key/regenerate": dialect(422, "POST"),
    "key/<str:key>/regenerate": dialect(404, "POST"),
    "key/block": dialect(422, "POST"),
    "key/unblock": dialect(422, "POST"),
    "access/explain": dialect(422, "POST"),
    "access/who-can": dialect(422, "GET"),
    "health": dialect(200, "GET"),
}
PUBLIC: dict[str, Rule] = {
    "health/liveliness": public(),
    "health/liveness": public(),
    "health/readiness": public(),
    "openapi.json": public(),
    "docs/": public(),
}
RULES: dict[str, Rule] = {**DASHBOARD, **SIGN_IN, **ADMIN, **DIALECT, **PUBLIC}


def address(route: str, world: Any) -> str:
    """A concrete path for a route."""
    rule = RULES[route]
    return rule.path(world) if rule.path else f"/{route}"
