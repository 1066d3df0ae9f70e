"""/v1/organization/projects/{project_id}/rate_limits: requests and tokens a minute, for each model of the project."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from pydantic import Field

from api.openai.administration.models import names_in
from api.openai.administration.pages import ByLast, Page, by_last
from api.openai.administration.places import OfProject, project_of
from api.openai.administration.route import GET, POST, Context, Route
from api.types import BIG, Count, Ident, Response
from orgs import services
from orgs.models import Project
from rbacadmin.errors import NotFound
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do

PREFIX = "rl-"
COLUMNS = {
    "max_requests_per_1_minute": ("model_rpm_limit", "rpm_limit"),
    "max_tokens_per_1_minute": ("model_tpm_limit", "tpm_limit"),
}


class LimitPage(Page, OfProject):
    limit: Annotated[int, Field(ge=1, le=100)] = 100
    before: Ident | None = None


class LimitUpdate(OfProject):
    """Requests and tokens a minute; nothing else is metered here."""

    rate_limit_id: Ident
    max_requests_per_1_minute: Count | None = None
    max_tokens_per_1_minute: Count | None = None
    max_requests_per_1_day: Count | None = None
    max_images_per_1_minute: Count | None = None
    max_audio_megabytes_per_1_minute: Count | None = None
    batch_1_day_max_input_tokens: Count | None = None


class RateLimit(Response):
    """`9007199254740992` stands for "no limit": OpenAI's clients want a number."""

    id: str
    object: Literal["project.rate_limit"] = "project.rate_limit"
    model: str
    max_requests_per_1_minute: int
    max_tokens_per_1_minute: int


class RateLimits(ByLast):
    data: Sequence[RateLimit]


def shown(project: Project, model: str) -> RateLimit:
    """The smallest of what the project says about the model, the project's own limit and its organization's."""
    found: dict[str, Any] = {}
    for name, (per_model, column) in COLUMNS.items():
        table: Mapping[str, int] = getattr(project, per_model)
        above: Mapping[str, int] = getattr(project.organization, per_model)
        limits = (table.get(model), getattr(project, column), above.get(model), getattr(project.organization, column))
        found[name] = min((limit for limit in limits if limit is not None), default=BIG)
    return RateLimit(id=PREFIX + model, model=model, **found)


def list_page(context: Context, body: LimitPage) -> RateLimits:
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    names = names_in(context, project)
    start, end = place(names, body.after, "after") + 1, len(names)
    if body.before and not body.after:
        end = place(names, body.before, "before")
        start = max(0, end - body.limit)
    part = names[start:end]
    rows = [shown(project, name) for name in part[: body.limit]]
    return by_last(RateLimits, rows, start > 0 if body.before and not body.after else len(part) > body.limit)


def place(names: Sequence[str], ident: str | None, field: str) -> int:
    """Where a row stands; -1 when none is named. Raises ValidationError for no row of the list."""
    if ident is None:
        return -1
    if (name := ident.removeprefix(PREFIX)) not in names:
        raise ValidationError({field: f"'{ident}' is no row of this list."})
    return names.index(name)


def update(context: Context, body: LimitUpdate) -> RateLimit:
    """Limit calls of a model in the project. What the answer shows is what is in force."""
    project = project_of(context, Action.VIEW_PROJECTS, body.project_id)
    given: dict[str, Any] = body.model_dump(include=set(LimitUpdate.model_fields) - {"project_id", "rate_limit_id"})
    asked = {name: value for name, value in given.items() if value is not None}
    for name in asked.keys() - COLUMNS.keys():
        raise ValidationError({name: "Is not metered here: requests and tokens a minute are."})
    model = body.rate_limit_id.removeprefix(PREFIX)
    if model not in names_in(context, project) and model not in project.model_rpm_limit:
        raise NotFound("rate limit", body.rate_limit_id)
    changes = {COLUMNS[name][0]: {**getattr(project, COLUMNS[name][0]), model: value} for name, value in asked.items()}
    return shown(services.update_project(context.actor, project, **changes), model)


PATH = "/v1/organization/projects/{project_id}/rate_limits"
# fmt: off
ROUTES: tuple[Route, ...] = (
    Route(PATH, GET, Do.VIEW_PROJECTS, LimitPage, RateLimits, list_page, "error", "The limits of each model"),
    Route(f"{PATH}/{{rate_limit_id}}", POST, Do.LOWER_PROJECT_LIMITS, LimitUpdate, RateLimit, update, "error",
          "Limit the calls of a model"),
)
# fmt: on
