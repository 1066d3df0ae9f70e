"""Rows of /gateway/*, but for forward auth, which answers proxies and not this dialect."""

from tests.routes.rule import Rule, dialect

ROWS: dict[str, Rule] = {
    "gateway/check": dialect(422, "POST"),
    "gateway/usage": dialect(422, "POST"),
}
