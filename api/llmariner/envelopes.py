"""How refusals look to LLMariner's clients: `{code, message, details}`, as gRPC's gateway writes them."""

from typing import Any

import pydantic
from rest_framework.response import Response

from api.problems import Problem
from rbacadmin.errors import Duplicate
from rbacadmin.logs import SECRET

INVALID_ARGUMENT, ALREADY_EXISTS, ABORTED = 3, 6, 10
# HTTP status -> gRPC's code. A guard that holds is 409 here as through every door, and Aborted is the code of that.
CODES = {400: INVALID_ARGUMENT, 401: 16, 403: 7, 404: 5, 405: 12, 409: ABORTED, 422: 9, 429: 8, 500: 13, 503: 14}
TYPE = "type.googleapis.com/google.rpc."
MOST = 50  # misfits that an answer lists
PATHS = ("/v1/organizations", "/v1/api_keys", "/v1/users")


def failure(status: int, message: str) -> dict[str, Any]:
    """The body of a failure that happened before the dialect was asked."""
    return {"code": CODES.get(status, INVALID_ARGUMENT), "message": message, "details": []}


def response(problem: Problem, error: Exception | None = None) -> Response:
    """The refusal; `error` is what stands behind it."""
    code = ALREADY_EXISTS if isinstance(error, Duplicate) else CODES.get(problem.status, INVALID_ARGUMENT)
    body = {"code": code, "message": problem.words, "details": details_of(problem)}
    return Response(body, status=problem.status, headers=dict(problem.headers))


def details_of(problem: Problem) -> list[dict[str, Any]]:
    """The field that a refusal is about, why it was refused, and who could: in gRPC's standard messages."""
    if decision := problem.extra.get("decision"):
        told = {"action": decision["action"], "roles_that_could": ", ".join(decision["roles_that_could"])}
        return [{"@type": f"{TYPE}ErrorInfo", "reason": "PERMISSION_DENIED", "domain": "rbacadmin", "metadata": told}]
    if reason := problem.extra.get("reason"):
        return [{"@type": f"{TYPE}ErrorInfo", "reason": reason.upper(), "domain": "rbacadmin", "metadata": {}}]
    return violations([(problem.param, problem.words)]) if problem.param else []


def violations(found: list[tuple[str, str]]) -> list[dict[str, Any]]:
    listed = [{"field": name, "description": text} for name, text in found]
    return [{"@type": f"{TYPE}BadRequest", "field_violations": listed}]


def unfit(error: pydantic.ValidationError) -> Response:
    """400: what does not fit the operation's message, field by field."""
    found = [
        (".".join(map(str, misfit["loc"])), SECRET.sub("[secret]", misfit["msg"]))
        for misfit in error.errors(include_url=False, include_context=False, include_input=False)[:MOST]
    ]
    message = "; ".join(f"{name}: {text}" for name, text in found)
    return Response({"code": INVALID_ARGUMENT, "message": message, "details": violations(found)}, status=400)
