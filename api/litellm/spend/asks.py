"""What the spend routes accept. Days are UTC; both ends of a range are in it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.types import Count, Ident, Named, PageNumber, PageSize, Request, Text

Limit = Annotated[int, Field(ge=1, le=1000)]
DaysOnAPage = Annotated[int, Field(ge=1, le=1000)]
Some = Ident | Annotated[list[Ident], Field(max_length=100)]


class Days(Request):
    start_date: Text | None = None
    end_date: Text | None = None


class Filter(Days):
    """Whose spend: one of these and all of it is shown; with several, what the keys that fit all of them spent.

    With none, what all keys spent whose spend you may see.
    """

    api_key: Ident | None = None
    user_id: Ident | None = None
    team_id: Ident | None = None
    project_id: Ident | None = None
    organization_id: Ident | None = None
    model: Text | None = None


Dollars = Annotated[float, Field(ge=0, le=10**9)]


class Calls(Filter):
    """Which single calls."""

    request_id: Text | None = None
    status: Literal["success", "failure"] | None = None
    min_spend: Dollars | None = None
    max_spend: Dollars | None = None
    end_user: Text | None = None
    tag: Text | None = None
    key_alias: Text | None = None


class Logs(Calls):
    summarize: bool = True


class LogsPage(Calls):
    page: PageNumber = 1
    page_size: PageSize = 50


class TopKeys(Request):
    limit: Limit = 100


class TopUsers(TopKeys):
    user_id: Ident | None = None


class Usage(Request):
    """The tokens that a provider counted."""

    prompt_tokens: Count = 0
    completion_tokens: Count = 0


class Completion(Request):
    """What a model answered; only its name and its usage count."""

    model: Named | None = None
    usage: Usage


class Calculate(Request):
    """A model with the messages that it would get, or the answer that it gave."""

    model: Named | None = None
    messages: Annotated[list[dict[str, Any]], Field(max_length=1000)] | None = None
    completion_response: Completion | None = None


class GlobalDays(Days):
    api_key: Ident | None = None


class GlobalTop(Days):
    limit: Limit = 10


class GlobalReport(Days):
    group_by: Literal["team", "organization", "user", "api_key"] = "team"


class Activity(Days):
    model: Text | None = None
    api_key: Ident | None = None
    page: PageNumber = 1
    page_size: DaysOnAPage = 1000


class UserActivity(Activity):
    user_id: Ident | None = None
    user_ids: Some | None = None


class TeamActivity(Activity):
    team_ids: Some | None = None


class OrganizationActivity(Activity):
    organization_ids: Some | None = None


class ProjectActivity(Activity):
    project_ids: Some | None = None


class CustomerActivity(Activity):
    end_user_ids: Some | None = None


class TagActivity(Activity):
    tags: Some | None = None


class EndUsers(Request):
    """LiteLLM's names for the days, and for how many."""

    api_key: Ident | None = None
    startTime: Text | None = None
    endTime: Text | None = None
    limit: Limit = 100


class Report(Request):
    start_date: Text
    end_date: Text


class KeyReport(Report):
    api_key: Ident | None = None


class UserReport(Report):
    user_id: Ident | None = None


class TeamReport(Report):
    team_id: Ident | None = None


class OrganizationReport(Report):
    organization_id: Ident | None = None
