"""What the model routes accept. `litellm_params` and `model_info` are free, as in LiteLLM; the services sort them."""

from typing import Annotated, Literal

from pydantic import Field

from api.context import InContext
from api.types import Ident, Metadata, Named, PageNumber, PageSize, Request, Text


class ModelNew(Request):
    """A model. `model_info.team_id` makes it a team's own."""

    model_name: Named
    litellm_params: Metadata
    model_info: Metadata = {}


class ModelChanges(Request):
    model_name: Named | None = None
    litellm_params: Metadata | None = None
    model_info: Metadata | None = None


class ModelUpdate(ModelChanges):
    """The model is named by `id`, `model_id` or `model_info.id`."""

    id: Ident | None = None
    model_id: Ident | None = None


class ModelUpdateInPath(ModelChanges):
    model_id: Ident


class ModelById(Request):
    id: Ident


class ModelNamed(Request):
    model_id: Ident


class ModelFilter(Request):
    litellm_model_id: Ident | None = None


class ModelPage(Request):
    page: PageNumber = 1
    size: PageSize = 50
    search: Text | None = None
    modelId: Ident | None = None
    teamId: Ident | None = None
    sortBy: Literal["model_name", "created_at", "updated_at", "status"] = "model_name"
    sortOrder: Literal["asc", "desc"] = "asc"


class ModelNames(InContext):
    """What OpenAI's clients ask for, LiteLLM's filters, and the headers that narrow the list to a project."""

    team_id: Ident | None = None
    return_wildcard_routes: bool = False
    include_model_access_groups: bool = False
    only_model_access_groups: bool = False


class ModelName(InContext):
    model_id: Annotated[str, Field(min_length=1, max_length=255, description="the name of a model")]
