"""The one table of the dialect: LLMariner's 22 operations."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from api.llmariner import answers, asks, keys, members, organizations, people, projects
from api.route import DELETE, GET, PATCH, POST, Route
from api.types import Nothing
from rbacadmin.policy import Action as Do

NAMES = {"alias": "title", "member": "user_id", "platform_role": "role"}
NAMES_OF_KEYS = {"alias": "name"}
ORGANIZATIONS, ORGANIZATION = "/v1/organizations", "/v1/organizations/{organization_id}"
PROJECTS, PROJECT = f"{ORGANIZATION}/projects", f"{ORGANIZATION}/projects/{{project_id}}"


def operation(
    methods: tuple[str, ...],
    path: str,
    action: Do | None,
    asked: type[BaseModel],
    answered: type[BaseModel],
    call: Callable[[Any, Any], Any],
    summary: str,
) -> Route:
    """A row: refusals are gRPC's, what is there already is 409."""
    names = NAMES_OF_KEYS if "api_keys" in path else NAMES
    return Route(path, methods, action, asked, answered, call, "status", summary, wire=names, duplicate_status=409)


# fmt: off
ROUTES: tuple[Route, ...] = (
    operation(POST, ORGANIZATIONS, Do.CREATE_ORGANIZATIONS, asks.CreateOrganizationRequest,
              answers.OrganizationMessage, organizations.create, "Create an organization"),
    operation(GET, ORGANIZATIONS, Do.SEE_ORGANIZATIONS, asks.ListOrganizationsRequest,
              answers.ListOrganizationsResponse, organizations.list_all, "Your organizations"),
    operation(DELETE, f"{ORGANIZATIONS}/{{id}}", Do.DELETE_ORGANIZATIONS, asks.OrganizationNamed,
              answers.DeletedOrganization, organizations.delete, "Delete an empty organization"),
    operation(POST, f"{ORGANIZATION}/users", Do.MANAGE_MEMBERS, asks.CreateOrganizationUserRequest,
              answers.OrganizationUserMessage, members.add_to_organization, "Add a person to an organization"),
    operation(GET, f"{ORGANIZATION}/users", Do.VIEW_MEMBERS, asks.OrganizationUsersNamed,
              answers.ListOrganizationUsersResponse, members.list_of_organization, "The people of an organization"),
    operation(DELETE, f"{ORGANIZATION}/users/{{user_id}}", Do.MANAGE_MEMBERS, asks.OrganizationUserNamed,
              answers.Empty, members.remove_from_organization,
              "Take a person out of an organization, its projects and their keys there"),
    operation(POST, PROJECTS, Do.CREATE_PROJECTS, asks.CreateProjectRequest,
              answers.ProjectMessage, projects.create, "Create a project"),
    operation(GET, PROJECTS, Do.VIEW_PROJECTS, asks.ListProjectsRequest,
              answers.ListProjectsResponse, projects.list_all, "The projects of an organization that you may see"),
    operation(PATCH, f"{PROJECTS}/{{id}}", Do.CHANGE_PROJECTS, asks.UpdateProjectRequest,
              answers.ProjectMessage, projects.update, "Change what update_mask names: title, assignments"),
    operation(DELETE, f"{PROJECTS}/{{id}}", Do.DELETE_PROJECTS, asks.ProjectNamed,
              answers.DeletedProject, projects.delete, "Delete a project with its keys"),
    operation(POST, f"{PROJECT}/users", Do.MANAGE_MEMBERS, asks.CreateProjectUserRequest,
              answers.ProjectUserMessage, members.add_to_project, "Add a person to a project"),
    operation(GET, f"{PROJECT}/users", Do.VIEW_MEMBERS, asks.ProjectUsersNamed,
              answers.ListProjectUsersResponse, members.list_of_project, "The people of a project whom you may see"),
    operation(DELETE, f"{PROJECT}/users/{{user_id}}", Do.MANAGE_MEMBERS, asks.ProjectUserNamed,
              answers.Empty, members.remove_from_project, "Take a person out of a project; their keys in it go along"),
    operation(POST, "/v1/api_keys", Do.CREATE_KEYS, asks.CreateAPIKeyRequest,
              answers.APIKeyMessage, keys.create, "Create a key in the project named, or in that of the context"),
    operation(GET, "/v1/api_keys", Do.VIEW_KEYS, asks.InContext,
              answers.ListAPIKeysResponse, keys.list_all, "The keys that you may see"),
    operation(PATCH, "/v1/api_keys/{id}", Do.UPDATE_KEYS, asks.UpdateAPIKeyRequest,
              answers.APIKeyMessage, keys.update, "Change what update_mask names: name, excluded_from_rate_limiting"),
    operation(DELETE, "/v1/api_keys/{id}", Do.DELETE_KEYS, asks.APIKeyNamed,
              answers.DeletedAPIKey, keys.delete, "Delete a key; a service account goes with its last"),
    operation(POST, f"{PROJECT}/api_keys", Do.CREATE_KEYS, asks.CreateProjectAPIKeyRequest,
              answers.APIKeyMessage, keys.create_in_project, "Create a key in a project"),
    operation(GET, f"{PROJECT}/api_keys", Do.VIEW_KEYS, asks.ProjectUsersNamed,
              answers.ListAPIKeysResponse, keys.list_of_project, "The keys of a project that you may see"),
    operation(DELETE, f"{PROJECT}/api_keys/{{id}}", Do.DELETE_KEYS, asks.ProjectAPIKeyNamed,
              answers.DeletedAPIKey, keys.delete_of_project, "Delete a key of a project"),
    operation(GET, "/v1/users:getSelf", None, Nothing,
              answers.UserMessage, people.get_self, "Who you are and where you belong"),
    operation(GET, "/v1/users", Do.VIEW_PEOPLE, Nothing,
              answers.ListUsersResponse, people.list_all, "The people whom you may see, with their roles"),
)
# fmt: on
