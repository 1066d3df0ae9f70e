"""/v1/organization/usage/* and /costs: what was called and spent, in buckets of UTC time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDay, TruncHour, TruncMinute
from pydantic import ConfigDict, Field

from api.openai.administration.pages import stamp
from api.openai.administration.places import ids_of
from api.openai.administration.route import GET, Context, Route
from api.types import Idents, Names, Request, Response
from gateway.ledger.models import Usage
from keys.models import Key
from orgs.models import Project
from rbacadmin import money, policy
from rbacadmin.policy import Action
from rbacadmin.policy import Action as Do
from teams.models import User

Seconds = Annotated[int, Field(ge=946_684_800, lt=32_503_680_000, description="seconds since 1970")]
# Width -> how long, how it is cut, how many by default and at most.
WIDTHS: dict[str, tuple[timedelta, Any, int, int]] = {
    "1m": (timedelta(minutes=1), TruncMinute, 60, 1440),
    "1h": (timedelta(hours=1), TruncHour, 24, 168),
    "1d": (timedelta(days=1), TruncDay, 7, 31),
}
COST_DAYS = 180
MOST = 10_000  # lines of one answer
GROUPS = {"project_id": "project_id", "user_id": "user_id", "api_key_id": "key_id", "model": "model"}
GROUPS |= {"line_item": "model"}
PREFIXES = {"project_id": Project.id_prefix, "user_id": User.id_prefix, "api_key_id": Key.id_prefix}
EMBEDDINGS = Q(route__contains="embeddings")
# What is metered, by the last word of the path; the other kinds have buckets without lines.
METERED = {"completions": ~EMBEDDINGS, "embeddings": EMBEDDINGS, "costs": Q()}
KINDS = (
    *("audio_speeches", "audio_transcriptions", "code_interpreter_sessions", "completions", "decisions"),
    *("embeddings", "file_search_calls", "images", "moderations", "vector_stores", "web_search_calls"),
)


class UsageAsked(Request):
    """`group_by` what is not told apart here (batch, service_tier, api_source, size, source) groups nothing."""

    start_time: Seconds
    end_time: Seconds | None = None
    bucket_width: Literal["1m", "1h", "1d"] = "1d"
    group_by: Names = []
    project_ids: Idents | None = None
    user_ids: Idents | None = None
    api_key_ids: Idents | None = None
    models: Names | None = None
    line_items: Names | None = None
    limit: Annotated[int, Field(ge=1, le=1440)] | None = None
    page: Annotated[str, Field(pattern=r"^\d{9,11}$")] | None = None


class Line(Response):
    """What was used under one combination of `group_by`."""

    model_config = ConfigDict(extra="allow")

    object: str


class Bucket(Response):
    object: Literal["bucket"] = "bucket"
    start_time: int
    end_time: int
    results: Sequence[Line]


class Buckets(Response):
    object: Literal["page"] = "page"
    data: Sequence[Bucket]
    has_more: bool
    next_page: str | None = None


def report(kind: str, context: Context, body: UsageAsked) -> Buckets:
    """The buckets from `start_time` (or where the last page ended) on, as far as the actor may see what was spent."""
    width, cut, usual, most = WIDTHS[body.bucket_width]
    most = COST_DAYS if kind == "costs" else most
    if body.limit is not None and body.limit > most:
        raise ValidationError({"limit": f"At most {most} buckets of {body.bucket_width}."})
    begin = floored(int(body.page) if body.page else body.start_time, width)
    end = datetime.fromtimestamp(body.end_time, UTC) if body.end_time else datetime.now(UTC)
    starts = [begin + width * number for number in range(body.limit or usual) if begin + width * number < end]
    after = begin + width * len(starts)
    more = bool(starts) and after < end
    found: Mapping[int, Sequence[Line]] = {}
    if kind in METERED and starts:
        calls = filtered(context, body).filter(METERED[kind], ended_at__gte=begin, ended_at__lt=min(after, end))
        found = lines(kind, calls.annotate(bucket=cut("ended_at", tzinfo=UTC)), body.group_by)
    data = [
        Bucket(start_time=stamp(start), end_time=stamp(start + width), results=found.get(stamp(start), []))
        for start in starts
    ]
    return Buckets(data=data, has_more=more, next_page=str(stamp(after)) if more else None)


def floored(seconds: int, width: timedelta) -> datetime:
    """The beginning of the bucket in which a moment lies."""
    return datetime.fromtimestamp(seconds - seconds % int(width.total_seconds()), UTC)


def filtered(context: Context, body: UsageAsked) -> QuerySet[Usage]:
    """The organization's calls whose spend the actor may see, and that fit."""
    found = policy.visible(
        context.actor, Action.VIEW_SPEND, Usage.objects.filter(organization_id=context.organization.pk)
    )
    for column, model, idents in (
        ("project_id", Project, body.project_ids),
        ("user_id", User, body.user_ids),
        ("key_id", Key, body.api_key_ids),
    ):
        if idents is not None:
            found = found.filter(**{f"{column}__in": ids_of(model, idents)})
    names = [*(body.models or ()), *(body.line_items or ())]
    return found.filter(model__in=names) if names else found


def lines(kind: str, calls: QuerySet[Any], group_by: Sequence[str]) -> Mapping[int, Sequence[Line]]:
    """The sums, by bucket. One query."""
    by = [name for name in dict.fromkeys(group_by) if name in GROUPS]
    sums = calls.values("bucket", *dict.fromkeys(GROUPS[name] for name in by)).annotate(
        requests=Count("pk"), given=Sum("prompt_tokens"), made=Sum("completion_tokens"), spent=Sum("cost")
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for row in sums.order_by("bucket", *dict.fromkeys(GROUPS[name] for name in by))[:MOST]:
        named: dict[str, Any] = {name: shown(name, row[GROUPS[name]]) for name in by}
        found[stamp(row["bucket"])].append(Line(**facts(kind, row), **named))
    return found


def shown(name: str, value: Any) -> str | None:
    return f"{PREFIXES[name]}{value.hex}" if isinstance(value, UUID) else value or None


def facts(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "costs":
        amount = {"value": float(money.to_number(row["spent"]) or 0), "currency": "usd"}
        return {"object": "organization.costs.result", "amount": amount}
    counted = {"input_tokens": row["given"], "num_model_requests": row["requests"]}
    made = {"output_tokens": row["made"]} if kind == "completions" else {}
    return {"object": f"organization.usage.{kind}.result", **counted, **made}


# fmt: off
ROUTES: tuple[Route, ...] = (
    *(Route(f"/v1/organization/usage/{kind}", GET, Do.VIEW_SPEND, UsageAsked, Buckets, partial(report, kind), "error",
            f"What was used: {kind.replace('_', ' ')}") for kind in KINDS),
    Route("/v1/organization/costs", GET, Do.VIEW_SPEND, UsageAsked, Buckets, partial(report, "costs"), "error",
          "What was spent"),
)
# fmt: on
