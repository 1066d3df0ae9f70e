"""The settings: for the platform's people."""

from tests.routes.rule import Rule, page, signed_in

POST_ONLY = signed_in(405)
RULES: dict[str, Rule] = {
    "ui/settings/": page(403, proxy_admin=200, auditor=200, superuser=200),
    "ui/settings/update/": Rule(POST_ONLY),
    "ui/settings/jwt/": Rule(POST_ONLY),
    "ui/settings/jobs/": Rule(POST_ONLY),
}
