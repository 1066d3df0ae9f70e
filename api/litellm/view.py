"""One view for every route of the table: authenticate, parse, check the model, call, answer."""

from collections.abc import Iterable

import pydantic
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems, view
from api.context import InContext, named_by
from api.litellm import envelopes, presets
from api.litellm.route import Route
from api.litellm.schema import RouteSchema
from api.parser import parameters
from rbacadmin.errors import Conflict, Duplicate
from rbacadmin.service import refuse_duplicate


class RouteView(view.TableView):
    """The view of one path of this dialect."""

    schema = RouteSchema()

    def handle(self, request: Request, **ids: str) -> HttpResponseBase:
        route = self.routes[request.method or "GET"]
        actor = view.actor_of(request)
        presets.require_route(actor, route.path, route.action)
        given = {**parameters(request), **ids}
        if issubclass(route.request, InContext):
            given |= named_by(request)
        try:
            body = route.request.model_validate(given)
        except pydantic.ValidationError as error:
            return envelopes.unfit(error, "body" if route.reads_body(request.method) else "query")
        try:
            answer = route.call(actor, body)
        except Duplicate as duplicate:
            if route.duplicate_status == Conflict.status:
                refuse_duplicate(actor, duplicate)
            raise
        return answer if isinstance(answer, HttpResponseBase) else Response(answer)

    def handle_exception(self, exc: Exception) -> Response:
        """Every refusal in the envelope of its route."""
        route = self.routes.get(self.request.method or "", self.route)
        known = envelopes.problem_of(exc, names=route.names, duplicate_status=route.duplicate_status)
        response = envelopes.response(known or problems.crashed(exc, self.request), route.envelope)
        response.exception = True
        return response


class PublicRouteView(RouteView):
    """A path that needs no key: a key that is sent is not even looked at."""

    authentication_classes = []
    permission_classes = []


def urls_of(table: Iterable[Route]) -> list[URLPattern]:
    """The URL patterns of this dialect."""
    return view.urls_of(table, lambda route: PublicRouteView if route.public else RouteView, "litellm")
