"""One row for every route of the URL map: who gets what. A route without a row fails the suite."""

from typing import Any

from tests.routes.dialect import DIALECT
from tests.routes.rule import Rule, at, everybody, page, public
from tests.routes.screens import DASHBOARD

NOT_FOR_GUESTS = public(302, anonymous=200)  # who is signed in is sent home
SIGN_IN: dict[str, Rule] = {
    "accounts/link/<str:ident>/<str:token>/": at("/accounts/link/x/y/", public(410)),
    "accounts/invitation/<str:secret>/": at("/accounts/invitation/x/", public(410)),
    "accounts/email/": public(404),
    "accounts/sso/": public(405),
    "accounts/sso/callback/": public(404),  # where no provider is configured
    "accounts/oidc/<path:rest>": at("/accounts/oidc/sso/login/", public(404)),
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
    "accounts/3rdparty/": public(404),
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
    "admin/password_change/": page(302),  # to the one page of that kind
    "admin/password_change/done/": admin(),
    "admin/autocomplete/": admin(403),
    "admin/jsi18n/": admin(),
    "admin/r/<path:content_type_id>/<path:object_id>/": at("/admin/r/1/1/", admin(404)),
    "admin/(?P<url>.*)$": at("/admin/nothing-here/", admin(404)),
}
# What superusers see in Django admin. Every entry is a decision: saving there must run the services' rules.
ADMIN_MODELS: tuple[str, ...] = ()
OUR_MODELS: tuple[str, ...] = (
    *("rbacadmin/auditevent", "rbacadmin/change", "rbacadmin/archived"),
    *("rbacadmin/setting", "rbacadmin/task", "rbacadmin/taskpart"),
    *("orgs/organization", "orgs/project", "orgs/organizationgrant", "orgs/projectgrant"),
    # registered anew, to be seen only
    *("account/emailaddress", "usersessions/usersession", "socialaccount/socialaccount", "mfa/authenticator"),
    *("teams/user", "teams/team", "teams/membership", "teams/invitation", "teams/teamgrant"),
    "keys/terminalsignin",
    *("keys/key", "gateway/catalogmodel", "gateway/modelaccessgroup", "gateway/spend", "gateway/dailyusage"),
    *("gateway/usage", "gateway/label", "gateway/lease", "gateway/refusalcount", "gateway/countedname"),
    *("gateway/budget", "gateway/budgetheld", "gateway/customer"),
    *("manifests/manifest", "manifests/keysecret"),
)
CATALOG = ("gateway/catalogmodel", "gateway/modelaccessgroup")
ADDABLE = (
    *("orgs/organization", "orgs/project", "teams/user", "teams/team", "teams/membership", "gateway/budget"),
    *CATALOG,
)
REMOVABLE = (
    *("teams/membership", "teams/user", "keys/key", "mfa/authenticator", "gateway/budget", "gateway/customer"),
    *CATALOG,
)
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
ADMIN[rf"admin/^(?P<app_label>{APPS})/$"] = at(f"/admin/{OUR_MODELS[0].split('/')[0]}/", admin())


PUBLIC: dict[str, Rule] = {
    "health/liveliness": public(),
    "health/liveness": public(),
    "health/readiness": public(),
    "onboarding/get_token": public(422),
    "onboarding/claim_token": public(405),
    "openapi.json": public(),
    "version": public(),
    "docs/": public(),
}
# A proxy asks, with somebody else's key; none of these walkers has one that says which call it is for.
FORWARD_AUTH: dict[str, Rule] = {
    "gateway/auth-request": public(401),
    "gateway/forward-auth": public(401),
    "gateway/ext-authz/<path:_path>": at("/gateway/ext-authz/v1/models", public(401)),
}
# Terminals ask, with forms; these walkers bring none.
OAUTH: dict[str, Rule] = {f"oauth/{name}": public(405) for name in ("device_authorization", "token", "revoke")}
RULES: dict[str, Rule] = {**DASHBOARD, **SIGN_IN, **ADMIN, **DIALECT, **PUBLIC, **FORWARD_AUTH, **OAUTH}


def address(route: str, world: Any) -> str:
    """A concrete path for a route."""
    rule = RULES[route]
    return rule.path(world) if rule.path else f"/{route}"
