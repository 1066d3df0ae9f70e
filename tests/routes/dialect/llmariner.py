"""Rows of LLMariner's operations. Ids that name nothing are 404 before a body is looked at."""

from tests.routes.rule import Rule, at, dialect

ORGANIZATION = "v1/organizations/<str:organization_id>"
PROJECT = f"{ORGANIZATION}/projects/<str:project_id>"


def nowhere(route: str, *methods: str) -> dict[str, Rule]:
    """A row with ids that name nothing."""
    path = "/".join("none" if part.startswith("<") else part for part in route.split("/"))
    return {route: at(f"/{path}", dialect(404, *methods))}


ROWS: dict[str, Rule] = {
    "v1/organizations": dialect(200, "GET", "POST"),
    **nowhere("v1/organizations/<str:id>", "DELETE"),
    **nowhere(f"{ORGANIZATION}/users", "GET", "POST"),
    **nowhere(f"{ORGANIZATION}/users/<str:user_id>", "DELETE"),
    **nowhere(f"{ORGANIZATION}/projects", "GET", "POST"),
    **nowhere(f"{ORGANIZATION}/projects/<str:id>", "DELETE", "PATCH"),
    **nowhere(f"{PROJECT}/users", "GET", "POST"),
    **nowhere(f"{PROJECT}/users/<str:user_id>", "DELETE"),
    **nowhere(f"{PROJECT}/api_keys", "GET", "POST"),
    **nowhere(f"{PROJECT}/api_keys/<str:id>", "DELETE"),
    "v1/api_keys": dialect(200, "GET", "POST"),
    **nowhere("v1/api_keys/<str:id>", "DELETE", "PATCH"),
    "v1/users": dialect(200, "GET"),
    "v1/users:getSelf": dialect(200, "GET"),
}
