"""What the spend routes answer. Amounts are dollars."""

from pydantic import RootModel

from api.litellm.lists import Numbered
from api.types import Response


class LogRow(Response):
    """One call. Times are ISO 8601 in UTC."""

    request_id: str
    status: str
    end_user: str | None = None
    request_tags: list[str] = []
    call_type: str | None = None
    startTime: str
    endTime: str
    api_key: str | None = None
    key_alias: str | None = None
    user: str | None = None
    team_id: str | None = None
    project_id: str | None = None
    organization_id: str | None = None
    model: str
    spend: float
    total_tokens: int
    prompt_tokens: int
    completion_tokens: int


class DaySpend(Response):
    """One day of everything asked for."""

    startTime: str
    spend: float
    models: dict[str, float]
    total_tokens: int
    api_requests: int


class SpendLogs(RootModel[list[LogRow] | list[DaySpend]]):
    """By day when dates are given and `summarize` is not false, else one row for each call."""


class SpendLogPage(Numbered):
    data: list[LogRow]


class KeySpend(Response):
    api_key: str
    key_name: str
    key_alias: str | None = None
    user_id: str | None = None
    team_id: str | None = None
    project_id: str | None = None
    organization_id: str | None = None
    spend: float
    total_spend: float
    max_budget: float | None = None


class KeySpends(RootModel[list[KeySpend]]):
    """Those that spent most come first."""


class UserSpend(Response):
    user_id: str
    user_email: str | None = None
    spend: float
    total_spend: float
    max_budget: float | None = None


class UserSpends(RootModel[list[UserSpend]]):
    """Those that spent most come first."""


class TagSpend(Response):
    """What calls with this tag cost."""

    individual_request_tag: str
    log_count: int
    total_spend: float


class TagSpends(RootModel[list[TagSpend]]):
    """Those that spent most come first."""


class Cost(Response):
    cost: float


class GlobalSpend(Response):
    spend: float
    max_budget: float | None = None


class Dated(Response):
    date: str
    spend: float


class DatedSpend(RootModel[list[Dated]]):
    """Day by day."""


class TopKey(Response):
    api_key: str | None = None
    key_alias: str | None = None
    key_name: str | None = None
    total_spend: float


class TopKeys(RootModel[list[TopKey]]):
    """Those that spent most come first."""


class TeamTotal(Response):
    team_id: str
    total_spend: float


class TeamsSpend(Response):
    daily_spend: list[dict[str, str | float]]
    teams: list[str]
    total_spend_per_team: list[TeamTotal]


class ModelTotal(Response):
    model: str
    total_spend: float


class ModelTotals(RootModel[list[ModelTotal]]):
    """Those that cost most come first."""


class ProviderTotal(Response):
    provider: str
    spend: float


class ProviderTotals(RootModel[list[ProviderTotal]]):
    """Those that cost most come first."""


class ModelCost(Response):
    model: str
    total_cost: float
    total_input_tokens: int
    total_output_tokens: int


class EndUserTotal(Response):
    end_user: str
    total_count: int
    total_spend: float


class EndUserTotals(RootModel[list[EndUserTotal]]):
    """Those that cost most come first."""


class ReportRow(Response):
    """What one entity cost, model by model. `name` is what it is called."""

    api_key: str | None = None
    user_id: str | None = None
    team_id: str | None = None
    organization_id: str | None = None
    name: str
    total_cost: float
    total_input_tokens: int
    total_output_tokens: int
    model_details: list[ModelCost]


class Report(RootModel[list[ReportRow]]):
    """Those that cost most come first."""
