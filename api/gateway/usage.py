"""What gateways used that forward calls by themselves: reported in batches, each call counted once."""

from typing import Annotated, Any, Literal

from pydantic import Field
from rest_framework.response import Response as HttpResponse

from api.litellm.route import ERROR, POST, Route
from api.types import Request, Response
from gateway.ledger.ingesting import MOST, Full, Result, ingest
from rbacadmin import money
from rbacadmin.policy import Action, Actor

FULL = "Usage cannot be written at the moment; report it again."


class Used(Request):
    """Calls that are over. Each is checked by itself: what is wrong with one is said of that one."""

    events: Annotated[
        list[Any],
        Field(
            min_length=1,
            max_length=MOST,
            description="objects with request_id, model, prompt_tokens, completion_tokens; and of calls that were not "
            "admitted here, key; optional: cost (dollars), status (success or failure), tags, customer, route, "
            "started_at, ended_at",
            examples=[[{"request_id": "4f1c-1", "model": "gpt-4o", "prompt_tokens": 12, "completion_tokens": 80}]],
        ),
    ]


class EventShown(Response):
    request_id: str
    status: Literal["recorded", "duplicate", "refused"]
    cost: float | None = None
    errors: dict[str, str] | None = None


class UsedShown(Response):
    results: list[EventShown]
    recorded: int
    duplicates: int
    refused: int


def record(actor: Actor, body: Used) -> dict[str, Any] | HttpResponse:
    """Record calls; what is answered as recorded is written."""
    try:
        found = ingest(actor, body.events)
    except Full:
        error = {"message": FULL, "type": "service_unavailable", "param": None, "code": "503"}
        return HttpResponse({"error": error}, status=503, headers={"Retry-After": "1"})
    counts = [sum(result.status == status for result in found) for status in ("recorded", "duplicate", "refused")]
    return {
        "results": [shown(result) for result in found],
        **dict(zip(("recorded", "duplicates", "refused"), counts, strict=True)),
    }


def shown(result: Result) -> dict[str, Any]:
    cost = None if result.cost is None else money.to_number(result.cost)
    return {
        "request_id": result.request_id,
        "status": result.status,
        "cost": cost,
        "errors": result.errors or None,
    }


# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/gateway/usage", POST, Action.RECORD_USAGE, Used, UsedShown, record, ERROR,
          "Report what calls used: each counts once, by its request id"),
)
# fmt: on
