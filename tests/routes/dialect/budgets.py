"""Rows of /budget/*, /customer/* and /end_user/*."""

from tests.routes.rule import DELETES, READS, UPDATES, Rule, dialect

CUSTOMER = {
    "new": dialect(422, "POST"),
    "update": dialect(422, *UPDATES),
    "info": dialect(422, "GET"),
    "list": dialect(200, *READS),
    "delete": dialect(422, *DELETES),
    "block": dialect(422, "POST"),
    "unblock": dialect(422, "POST"),
}

ROWS: dict[str, Rule] = {
    "budget/new": dialect(403, "POST", proxy_admin=200, superuser=200),
    "budget/update": dialect(422, *UPDATES),
    "budget/info": dialect(422, "POST"),
    "budget/list": dialect(200, *READS),
    "budget/settings": dialect(422, "GET"),
    "budget/delete": dialect(422, *DELETES),
    **{f"{prefix}/{name}": rule for prefix in ("customer", "end_user") for name, rule in CUSTOMER.items()},
}
