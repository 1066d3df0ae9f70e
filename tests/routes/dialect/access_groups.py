"""Rows of /access_group/*."""

from tests.routes.rule import READS, Rule, at, dialect

ROWS: dict[str, Rule] = {
    "access_group/new": dialect(422, "POST"),
    "access_group/list": dialect(200, *READS),
    "access_group/<str:access_group>/info": at("/access_group/none/info", dialect(404, "GET")),
    "access_group/<str:access_group>/update": at("/access_group/none/update", dialect(404, "PUT", "POST", "PATCH")),
    "access_group/<str:access_group>/delete": at("/access_group/none/delete", dialect(404, "DELETE", "POST")),
}
