"""What the activity routes answer: requests, tokens and spend by day. Amounts are dollars."""

from typing import Any

from pydantic import RootModel

from api.types import Response


class ActivityDay(Response):
    date: str
    api_requests: int
    total_tokens: int


class Activity(Response):
    daily_data: list[ActivityDay]
    sum_api_requests: int
    sum_total_tokens: int


class ModelActivity(Activity):
    model: str


class ModelActivities(RootModel[list[ModelActivity]]):
    """Those with most requests come first."""


class Metrics(Response):
    spend: float
    prompt_tokens: int
    completion_tokens: int
    cache_read_input_tokens: int = 0
    cache_creation_input_tokens: int = 0
    total_tokens: int
    successful_requests: int
    failed_requests: int
    api_requests: int


class Part(Response):
    metrics: Metrics
    metadata: dict[str, Any]


class Breakdown(Response):
    models: dict[str, Part]
    model_groups: dict[str, Part]
    providers: dict[str, Part]
    api_keys: dict[str, Part]
    entities: dict[str, Part]


class DailyResult(Response):
    date: str
    metrics: Metrics
    breakdown: Breakdown


class DailyTotals(Response):
    total_spend: float
    total_prompt_tokens: int
    total_completion_tokens: int
    total_cache_read_input_tokens: int = 0
    total_cache_creation_input_tokens: int = 0
    total_tokens: int
    total_api_requests: int
    total_successful_requests: int
    total_failed_requests: int
    page: int
    total_pages: int
    has_more: bool


class DailyActivity(Response):
    results: list[DailyResult]
    metadata: DailyTotals
