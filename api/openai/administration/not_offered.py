"""What else OpenAI's administration API has: 501, in its envelope. docs/openai-administration.md says why."""

import re

from api.openai.administration.route import Context, Route
from api.types import Nothing, Request, Response

G, P, D = "GET", "POST", "DELETE"
ORGANIZATION, PROJECT = "/v1/organization", "/v1/organization/projects/{project_id}"
ONE = "{ident}"
PATHS: dict[str, tuple[str, ...]] = {
    f"{ORGANIZATION}/certificates": (G, P),
    f"{ORGANIZATION}/certificates/activate": (P,),
    f"{ORGANIZATION}/certificates/deactivate": (P,),
    f"{ORGANIZATION}/certificates/{ONE}": (G, P, D),
    f"{ORGANIZATION}/data_retention": (G, P),
    f"{ORGANIZATION}/external_keys": (G, P),
    f"{ORGANIZATION}/external_keys/{ONE}": (G, D),
    f"{ORGANIZATION}/external_keys/{ONE}/validate": (P,),
    f"{ORGANIZATION}/external_storage": (G, P),
    f"{ORGANIZATION}/external_storage/{ONE}": (G, D),
    f"{ORGANIZATION}/external_storage/{ONE}/validate": (P,),
    f"{ORGANIZATION}/spend_alerts": (G, P),
    f"{ORGANIZATION}/spend_alerts/{ONE}": (G, P, D),
    f"{ORGANIZATION}/spend_limit": (G, P, D),
    f"{ORGANIZATION}/workload_identity_providers": (G, P),
    f"{ORGANIZATION}/workload_identity_providers/{ONE}": (G, P, D),
    f"{ORGANIZATION}/workload_identity_providers/{ONE}/federation_rules": (G, P),
    f"{ORGANIZATION}/workload_identity_providers/{ONE}/federation_rules/{{rule}}": (G, P, D),
    f"{PROJECT}/certificates": (G,),
    f"{PROJECT}/certificates/activate": (P,),
    f"{PROJECT}/certificates/deactivate": (P,),
    f"{PROJECT}/data_retention": (G, P),
    f"{PROJECT}/hosted_tool_permissions": (G, P),
    f"{PROJECT}/service_tier_settings": (G, P),
    f"{PROJECT}/spend_alerts": (G, P),
    f"{PROJECT}/spend_alerts/{ONE}": (G, P, D),
    f"{PROJECT}/spend_limit": (G, P, D),
}
PATTERNS = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), methods) for path, methods in PATHS.items()]


class Elsewhere(Request):
    rest: str


def lists(method: str | None, path: str) -> bool:
    """Whether this is a part of OpenAI's API; anything else under the same roof is not there at all (404)."""
    return any(method in methods and pattern.fullmatch(path) for pattern, methods in PATTERNS)


def nobody(context: Context, body: Request) -> Response:
    raise AssertionError("what is not offered is never called")


# Custom roles: roles are code. These share their paths with what is offered.
CUSTOM_ROLES = {
    "/v1/organization/roles": (P,),
    "/v1/organization/roles/{role_id}": (P, D),
    "/v1/projects/{project_id}/roles": (P,),
    "/v1/projects/{project_id}/roles/{role_id}": (P, D),
}
ROUTES: tuple[Route, ...] = (
    *(
        Route(path, (method,), None, Nothing, Response, nobody, "error", "Not offered: 501", offered=False)
        for path, methods in CUSTOM_ROLES.items()
        for method in methods
    ),
    Route(
        f"{ORGANIZATION}/{{rest}}",
        (G, P, D),
        None,
        Elsewhere,
        Response,
        nobody,
        "error",
        "501",
        offered=False,
        deep=True,
    ),
)
