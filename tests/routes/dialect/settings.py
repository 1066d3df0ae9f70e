"""Rows of /settings."""

from tests.routes.rule import Rule, dialect

ROWS: dict[str, Rule] = {
    "settings": dialect(403, "GET", proxy_admin=200, auditor=200, superuser=200),
    "settings/update": dialect(403, "POST", "PATCH", proxy_admin=200, superuser=200),
    "settings/jwt": dialect(403, "POST", proxy_admin=200, superuser=200),
    "settings/jobs": dialect(403, "POST", proxy_admin=200, superuser=200),
}
