"""/v1/organization/projects/{project_id}/model_permissions: the models of a project, as a list of what it may use."""

from collections.abc import Sequence
from typing import Literal

from api.openai.administration.models import names_in
from api.openai.administration.places import OfProject, project_of
from api.openai.administration.route import DELETE, GET, POST, Context, Route
from api.types import Names, Response
from orgs import services
from orgs.models import Project
from rbacadmin.model_names import NO_MODELS
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do


class PermissionsUpdate(OfProject):
    """Models by name, groups and prefixes such as `openai/*` too."""

    mode: Literal["allow_list", "deny_list"]
    model_ids: Names


class Permissions(Response):
    """No restriction is a deny list of nothing."""

    object: Literal["project.model_permissions"] = "project.model_permissions"
    mode: Literal["allow_list", "deny_list"]
    model_ids: Sequence[str]


class PermissionsDeleted(Response):
    object: Literal["project.model_permissions.deleted"] = "project.model_permissions.deleted"
    deleted: bool = True


def shown(project: Project) -> Permissions:
    if not project.models:
        return Permissions(mode="deny_list", model_ids=[])
    return Permissions(mode="allow_list", model_ids=[name for name in project.models if name != NO_MODELS])


def info(context: Context, body: OfProject) -> Permissions:
    return shown(project_of(context, Action.VIEW_PROJECTS, body.project_id))


def update(context: Context, body: PermissionsUpdate) -> Permissions:
    """Say which models the project may use. A deny list becomes the list of what is left of today's models."""
    project = project_of(context, Action.CHANGE_PROJECT_MODELS, body.project_id)
    wanted: list[str] | None = list(body.model_ids)
    if body.mode == "deny_list":
        every = names_in(context, unrestricted(project))
        wanted = [name for name in every if name not in body.model_ids] if body.model_ids else None
    models = None if wanted is None else wanted or [NO_MODELS]
    return shown(services.update_project(context.actor, project, models=models))


def unrestricted(project: Project) -> Project:
    """The project as it would be without a list of its own."""
    return Project(pk=project.pk, organization=project.organization, alias=project.alias)


def delete(context: Context, body: OfProject) -> PermissionsDeleted:
    """No restriction but the organization's."""
    project = project_of(context, Action.CHANGE_PROJECT_MODELS, body.project_id)
    services.update_project(context.actor, project, models=None)
    return PermissionsDeleted()


PATH = "/v1/organization/projects/{project_id}/model_permissions"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.VIEW_PROJECTS, OfProject, Permissions, info, "error", "The models that a project may use"),
    Route(PATH, POST, Do.CHANGE_PROJECT_MODELS, PermissionsUpdate, Permissions, update, "error",
          "Say which models a project may use"),
    Route(PATH, DELETE, Do.CHANGE_PROJECT_MODELS, OfProject, PermissionsDeleted, delete, "error",
          "Let a project use what its organization may"),
)
# fmt: on
