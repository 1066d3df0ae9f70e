"""How refusals look to LiteLLM's clients: shape A `{"error": ...}`, shape B `{"detail": ...}`, and problems."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pydantic
from rest_framework.response import Response

from api import problems
from api.problems import Problem, first_message, redact
from keys.permissions import to_routes
from rbacadmin.errors import Duplicate, PermissionDenied
from rbacadmin.logs import SECRET

PROBLEM_JSON = "application/problem+json"


def problem_of(error: Exception, *, names: Mapping[str, str], duplicate_status: int = 400) -> Problem | None:
    """The problem behind an exception, in LiteLLM's own words where it has some; None when it is none that we know."""
    found = problems.problem_of(error, names=names, duplicate_status=duplicate_status)
    match error:
        case PermissionDenied():
            # about a team's keys, LiteLLM names the route that `team_member_permissions` would open
            routes = to_routes([error.decision.action])
            if found and routes and (getattr(error.obj, "kind", "") == "team" or getattr(error.obj, "team_id", None)):
                return Problem(403, found.message, "team_member_permission_error", routes[0], extra=found.extra)
        case Duplicate() if error.code == "already_member":
            return Problem(400, first_message(error), "team_member_already_in_team", "member", everywhere=True)
    return found


def response(problem: Problem, shape: str) -> Response:
    """The refusal in the shape of its route."""
    if shape == "error" or problem.everywhere:
        body: dict[str, Any] = {
            "message": problem.words,
            "type": problem.type,
            "param": problem.param,
            "code": str(problem.status),
            **problem.extra,
        }
        return Response({"error": body}, status=problem.status, headers=dict(problem.headers))
    beside = {**({"param": problem.param} if problem.param else {}), **problem.extra}
    if shape == "problem":  # as RFC 7807 has it; what stands beside the message are members of its own
        title = HTTPStatus(problem.status).phrase
        body = {"type": "about:blank", "title": title, "status": problem.status, "detail": problem.words, **beside}
        return Response(body, status=problem.status, headers=dict(problem.headers), content_type=PROBLEM_JSON)
    body = {"error": problem.words, **beside}
    return Response({"detail": body}, status=problem.status, headers=dict(problem.headers))


def unfit(error: pydantic.ValidationError, where: str) -> Response:
    """422: what does not fit the request model, as FastAPI lists it. `input` never repeats a secret."""
    found = error.errors(include_url=False, include_context=False)
    listed = [
        {
            "loc": [where, *map(redact, e["loc"])],
            "msg": SECRET.sub("[secret]", e["msg"]),
            "type": e["type"],
            "input": redact(e["input"]),
        }
        for e in found[:50]
    ]
    return Response({"detail": listed}, status=422)
