"""What the model routes answer. No credential is ever part of it."""

from typing import Any, Literal

from api.litellm.lists import Numbered
from api.types import Response


class ModelRow(Response):
    """A model. How it is called is shown to those who run it."""

    model_id: str
    model_name: str
    litellm_params: dict[str, Any]
    model_info: dict[str, Any]
    blocked: bool
    created_at: str | None = None
    updated_at: str | None = None
    created_by: str | None = None
    updated_by: str | None = None


class Models(Response):
    data: list[ModelRow]


class ModelPage(Numbered):
    """The page under both sets of names that LiteLLM has had for it."""

    data: list[ModelRow]
    total_count: int
    current_page: int
    size: int


class ModelDeleted(Response):
    message: str


class ModelName(Response):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelNames(Response):
    data: list[ModelName]
    object: Literal["list"]


class ModelGroup(Response):
    """Models of one name."""

    model_group: str
    providers: list[str]
    input_cost_per_token: float
    output_cost_per_token: float
    mode: str | None = None
    tpm: int | None = None
    rpm: int | None = None


class ModelGroups(Response):
    data: list[ModelGroup]
