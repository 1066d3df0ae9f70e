"""One view for every operation: authenticate, find the organization, check the request, call, answer."""

from collections.abc import Iterable

import pydantic
from django.http import Http404
from django.urls import URLPattern
from pydantic import BaseModel
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems, view
from api.litellm import envelopes, presets
from api.openai.administration.not_offered import lists
from api.openai.administration.organization import HEADER, organization_of
from api.openai.administration.parameters import given
from api.openai.administration.route import Context, Route
from api.openai.administration.schema import AdministrationSchema
from rbacadmin.errors import Conflict, Duplicate
from rbacadmin.service import refuse_duplicate

ENVELOPE = "error"  # OpenAI's, which LiteLLM took over
STAY = {"x-should-retry": "false"}  # OpenAI's clients repeat a 409 and a 501 otherwise, as if it were a lock


class NotOffered(APIException):
    """501: a part of OpenAI's API that has no counterpart here."""

    status_code = 501
    default_detail = "This is not offered here; docs/openai-administration.md lists what is."


class AdministrationView(view.TableView):
    """The view of one path."""

    door = "openai"
    schema = AdministrationSchema()

    def handle(self, request: Request, **ids: str) -> Response:
        route = self.routes[request.method or "GET"]
        actor = view.actor_of(request)
        presets.require_route(actor, route.path, route.action)
        if not route.offered:
            raise NotOffered if not route.deep or lists(request.method, request.path_info) else Http404
        said = {**given(request), **ids}
        organization = organization_of(actor, request.headers.get(HEADER, "")[:255] or None, route.action)
        try:
            body = route.request.model_validate(said)
        except pydantic.ValidationError as error:
            return unfit(error)
        try:
            answer = route.call(Context(actor, organization, route.action), body)
        except Duplicate as duplicate:
            refuse_duplicate(actor, duplicate)
            raise
        return Response(answer.model_dump() if isinstance(answer, BaseModel) else answer)

    def handle_exception(self, exc: Exception) -> Response:
        """Every refusal in OpenAI's envelope; a duplicate is a 409 here."""
        names = self.routes.get(self.request.method or "", self.route).names
        if isinstance(exc, Duplicate):  # who is a member already, too, which LiteLLM answers in a way of its own
            exc = Conflict("; ".join(exc.messages), code=exc.code or "duplicate", field=exc.field)
        known = problems.problem_of(exc, names=names)
        response = envelopes.response(known or problems.crashed(exc, self.request), ENVELOPE)
        for name, value in STAY.items() if response.status_code in (Conflict.status, NotOffered.status_code) else ():
            response[name] = value
        response.exception = True
        return response


def unfit(error: pydantic.ValidationError) -> Response:
    """400: the first field that does not fit, as OpenAI says it."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(problems.redact(part)) for part in first["loc"]) or None
    return envelopes.response(problems.Problem(400, f"{first['msg']}.", param=where), ENVELOPE)


def urls_of(table: Iterable[Route]) -> list[URLPattern]:
    """The URL patterns, one for each path."""
    return view.urls_of(table, lambda _route: AdministrationView, "openai")
