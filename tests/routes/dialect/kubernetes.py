"""Rows of the Kubernetes dialect. Discovery is for whoever has a key; what is listed is what one sees."""

from tests.routes.rule import Rule, at, dialect

GROUP = "/apis/auth.litellm.ai/v1alpha1"
HOME = f"{GROUP}/namespaces/litellm"
REVIEWS = ("apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "apis/authentication.k8s.io/v1/selfsubjectreviews")
NAMESPACED = "apis/<str:group>/<str:version>/namespaces/<str:namespace>/<str:plural>"
TEAM = f"{HOME}/teams/acme-core"
# who sees the team, and who does not
ITEM = {"loner": 404, "stranger": 404, "there_member": 404}

ROWS: dict[str, Rule] = {
    **{
        path: dialect(200, "GET") for path in ("api", "api/v1", "apis", "api/v1/namespaces", "openapi/v2", "openapi/v3")
    },
    "api/v1/namespaces/<str:name>": at("/api/v1/namespaces/litellm", dialect(200, "GET")),
    "api/v1/events": dialect(200, "GET", "POST"),
    "api/v1/namespaces/<str:namespace>/events": at("/api/v1/namespaces/litellm/events", dialect(200, "GET", "POST")),
    "api/v1/secrets": dialect(200, "GET"),
    "api/v1/namespaces/<str:namespace>/secrets": at("/api/v1/namespaces/litellm/secrets", dialect(200, "GET")),
    "api/v1/namespaces/<str:namespace>/secrets/<str:name>": at(
        "/api/v1/namespaces/litellm/secrets/none", dialect(404, "GET")
    ),
    "apis/<str:group>": at("/apis/auth.litellm.ai", dialect(200, "GET")),
    "apis/<str:group>/<str:version>": at(GROUP, dialect(200, "GET")),
    "openapi/v3/apis/<str:group>/<str:version>": at(f"/openapi/v3{GROUP}", dialect(200, "GET")),
    "apis/apiextensions.k8s.io/v1/customresourcedefinitions": dialect(200, "GET"),
    REVIEWS[0]: dialect(400, "POST"),
    REVIEWS[1]: dialect(201, "POST"),
    "apis/authorization.k8s.io/v1/selfsubjectrulesreviews": dialect(201, "POST"),
    "apis/<str:group>/<str:version>/<str:plural>": at(f"{GROUP}/teams", dialect(200, "GET")),
    NAMESPACED: at(f"{HOME}/teams", dialect(200, "GET", "POST")),
    f"{NAMESPACED}/<str:name>": at(TEAM, dialect(200, "GET", "PUT", "PATCH", "DELETE", **ITEM)),
    f"{NAMESPACED}/<str:name>/status": at(f"{TEAM}/status", dialect(200, "GET", "PUT", "PATCH", **ITEM)),
}
