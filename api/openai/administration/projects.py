"""/v1/organization/projects: a project that is archived here is closed, and known by its name only."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from api.openai.administration.pages import ByLast, Page, by_last, cut, stamp
from api.openai.administration.places import OfProject, project_of
from api.openai.administration.route import GET, POST, Context, Route
from api.types import Named, Request, Response, Text
from orgs import services
from orgs.closing import delete_scopes
from orgs.models import Project
from rbacadmin import policy
from rbacadmin.errors import Conflict
from rbacadmin.models import Archived
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do


class ProjectFields(Request):
    external_key_id: Text | None = None
    geography: Text | None = None
    residency: Text | None = None


class ProjectNew(ProjectFields):
    name: Named


class ProjectUpdate(ProjectFields, OfProject):
    name: Named | None = None


class ProjectPage(Page):
    include_archived: bool = False


class ProjectShown(Response):
    id: str
    object: Literal["organization.project"] = "organization.project"
    name: str
    created_at: int
    archived_at: int | None = None
    status: Literal["active", "archived"] = "active"
    external_key_id: str | None = None


class Projects(ByLast):
    data: Sequence[ProjectShown]


def shown(project: Project) -> ProjectShown:
    return ProjectShown(id=project.prefixed_id, name=project.alias, created_at=stamp(project.created_at))


def shown_archived(row: Archived) -> ProjectShown:
    """What is left of a project. Of the oldest rows it is not known when they were made, but when they ended."""
    made = row.snapshot.get("created_at")
    return ProjectShown(
        id=Project.id_prefix + uuid.UUID(row.object_id).hex,
        name=row.name,
        created_at=stamp(datetime.fromisoformat(made) if made else row.created_at),
        archived_at=stamp(row.created_at),
        status="archived",
    )


def archive_of(context: Context) -> QuerySet[Archived]:
    return Archived.objects.filter(kind="project", organization_id=context.organization.pk)


def named_in_archive(ident: str) -> Q:
    try:
        return Q(object_id=str(uuid.UUID(ident.removeprefix(Project.id_prefix))))
    except ValueError:
        return Q(snapshot__public_id=ident)


def archived(context: Context, ident: str) -> Archived | None:
    """The archived project that an id names, for those who may see the organization's projects."""
    found = archive_of(context).filter(named_in_archive(ident))
    return policy.visible(context.actor, Action.VIEW_PROJECTS, found).order_by("-created_at").first()


def require_plain(body: ProjectFields) -> None:
    """Raise ValidationError for what OpenAI keeps of a project and nothing here means."""
    for name in ProjectFields.model_fields:
        if getattr(body, name) is not None:
            raise ValidationError({name: "Is not offered here."})


def list_page(context: Context, body: ProjectPage) -> Projects:
    """The projects that the actor may see, newest first; then, when asked for, those archived."""
    row = archived(context, body.after) if body.include_archived and body.after else None
    rows: list[ProjectShown] = []
    more = False
    if row is None:
        live = Project.objects.filter(organization=context.organization)
        items, more = cut(context, Action.VIEW_PROJECTS, live, body)
        rows = [shown(project) for project in items]
    if body.include_archived and not more:
        left = body.limit - len(rows)
        rest = Page(after=body.after if row else None, limit=max(left, 1))
        gone, more = cut(context, Action.VIEW_PROJECTS, archive_of(context), rest, named=named_in_archive)
        more = more or bool(gone and not left)
        rows += [shown_archived(one) for one in gone[:left]]
    return by_last(Projects, rows, more)


def new(context: Context, body: ProjectNew) -> ProjectShown:
    require_plain(body)
    return shown(services.create_project(context.actor, context.organization, alias=body.name))


def info(context: Context, body: OfProject) -> ProjectShown:
    row = archived(context, body.project_id)
    return shown_archived(row) if row else shown(project_of(context, Action.VIEW_PROJECTS, body.project_id))


def update(context: Context, body: ProjectUpdate) -> ProjectShown:
    require_plain(body)
    if archived(context, body.project_id):
        raise Conflict("This project is archived.", code="archived")
    project = project_of(context, Action.CHANGE_PROJECTS, body.project_id)
    changes = {} if body.name is None else {"alias": body.name}
    return shown(services.update_project(context.actor, project, **changes))


def archive(context: Context, body: OfProject) -> ProjectShown:
    """Close the project with its keys and memberships. Once more changes nothing."""
    if row := archived(context, body.project_id):
        return shown_archived(row)
    project = project_of(context, Action.DELETE_PROJECTS, body.project_id)
    delete_scopes(context.actor, project)
    kept = archive_of(context).filter(object_id=str(project.pk)).order_by("-created_at").first()
    assert kept is not None, "what was closed is in the archive"
    return shown_archived(kept)


PATH = "/v1/organization/projects"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.VIEW_PROJECTS, ProjectPage, Projects, list_page, "error", "The projects that you may see"),
    Route(PATH, POST, Do.CREATE_PROJECTS, ProjectNew, ProjectShown, new, "error", "Create a project"),
    Route(f"{PATH}/{{project_id}}", GET, Do.VIEW_PROJECTS, OfProject, ProjectShown, info, "error",
          "A project, archived or not"),
    Route(f"{PATH}/{{project_id}}", POST, Do.CHANGE_PROJECTS, ProjectUpdate, ProjectShown, update, "error",
          "Rename a project"),
    Route(f"{PATH}/{{project_id}}/archive", POST, Do.DELETE_PROJECTS, OfProject, ProjectShown, archive, "error",
          "Archive a project: its keys and memberships end"),
)
# fmt: on
