"""One example for each of the 22 operations, filled in with the ids of the cast."""

from typing import Any

from api.llmariner.routes import ROUTES
from api.route import Route
from tests.factories import KeyFactory, OrganizationFactory
from tests.world import World

ORGANIZATION = "/v1/organizations/{organization_id}"
PROJECT = f"{ORGANIZATION}/projects/{{project_id}}"
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/v1/organizations"): {"title": "Fresh"},
    ("POST", f"{ORGANIZATION}/users"): {"user_id": "new@example.com", "role": "ORGANIZATION_ROLE_READER"},
    ("POST", f"{ORGANIZATION}/projects"): {"title": "Apollo", "kubernetes_namespace": "apollo"},
    ("PATCH", f"{ORGANIZATION}/projects/{{id}}"): {"project": {"title": "Gemini"}, "update_mask": "title"},
    ("POST", f"{PROJECT}/users"): {"user_id": "reader@acme.example.com", "role": "PROJECT_ROLE_MEMBER"},
    ("POST", "/v1/api_keys"): {"name": "mine"},
    ("POST", f"{PROJECT}/api_keys"): {"name": "ours"},
    ("PATCH", "/v1/api_keys/{id}"): {"api_key": {"name": "renamed"}, "update_mask": "name"},
}
OPERATIONS: list[tuple[str, Route]] = [(method, route) for route in ROUTES for method in route.methods]


def path_of(route: Route, cast: World) -> str:
    """The path with ids of the cast: an empty organization, a key of a project's member, or the project."""
    named = {
        "organization_id": cast.organization.prefixed_id,
        "project_id": cast.project.prefixed_id,
        "user_id": cast.project_colleague.email,
        "id": cast.project.prefixed_id,
    }
    if route.path == "/v1/organizations/{id}":
        named["id"] = OrganizationFactory().prefixed_id
    if "api_keys/{id}" in route.path:
        key = KeyFactory(user=cast.project_member, project=cast.project, organization=cast.organization)
        named["id"] = key.prefixed_id
    return route.path.format(**named)
