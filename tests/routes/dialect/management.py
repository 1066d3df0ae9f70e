"""Rows of /management/v1/*."""

from tests.routes.dialect.users import IN_CHARGE_OF_NOBODY
from tests.routes.rule import Rule, dialect

ROWS: dict[str, Rule] = {
    "management/v1/users": dialect(200, "GET", **IN_CHARGE_OF_NOBODY),
    "management/v1/users/me": dialect(200, "GET"),
}
