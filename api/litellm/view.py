"""One view for every route of the table: authenticate, parse, check the model, call, answer."""

from collections.abc import Iterable
from typing import Any

import pydantic
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.auth import BearerAuthentication, HasActor, origin_of
from api.litellm import envelopes, presets
from api.litellm.route import Route
from api.litellm.schema import RouteSchema
from api.parser import parameters
from rbacadmin.errors import Conflict, Duplicate
from rbacadmin.policy import Actor
from rbacadmin.service import refuse_duplicate


class AlwaysJSON(DefaultContentNegotiation):
    """JSON goes out, whatever `Accept` or `?format=` ask for, as from LiteLLM."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class RouteView(APIView):
    """The view of one path. `routes` says what each method does; `route` what the path mainly does."""

    authentication_classes = [BearerAuthentication]
    permission_classes = [HasActor]
    content_negotiation_class = AlwaysJSON
    schema = RouteSchema()
    route: Route
    routes: dict[str, Route] = {}

    def handle(self, request: Request, **ids: str) -> HttpResponseBase:
        route = self.routes[request.method or "GET"]
        actor = request.auth if isinstance(request.auth, Actor) else Actor.nobody(origin_of(request))
        presets.require_route(actor, route.path, route.action)
        given = {**parameters(request), **ids}
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

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Answers are one caller's own, and some hold a secret: nobody keeps them."""
        return {**super().default_response_headers, "Cache-Control": "no-store"}

    def handle_exception(self, exc: Exception) -> Response:
        """Every refusal in the envelope of its route."""
        route = self.routes.get(self.request.method or "", self.route)
        known = envelopes.problem_of(exc, names=route.names, duplicate_status=route.duplicate_status)
        response = (known or envelopes.crashed(exc, self.request)).response(route.envelope)
        response.exception = True
        return response


class PublicRouteView(RouteView):
    """A path that needs no key: a key that is sent is not even looked at."""

    authentication_classes = []
    permission_classes = []


def urls_of(table: Iterable[Route]) -> list[URLPattern]:
    """The URL patterns of a route table, one for each path."""
    by_path: dict[str, list[Route]] = {}
    for route in table:
        by_path.setdefault(route.path, []).append(route)
    # `/team/{id}` comes after `/team/new` and hides it from nobody
    ordered = sorted(by_path.values(), key=lambda routes: "{" in routes[0].path)
    return [path(routes[0].pattern, view_of(routes), name=f"litellm-{routes[0].name}") for routes in ordered]


def view_of(routes: list[Route]) -> Any:
    """The view of a path, from the routes that share it."""
    methods = {method: route for route in routes for method in route.methods}
    base = PublicRouteView if routes[0].public else RouteView
    handlers = {method.lower(): RouteView.handle for method in methods}
    names = [*handlers, *(["head"] if "GET" in methods else [])]
    known = {**methods, **({"HEAD": methods["GET"]} if "GET" in methods else {})}
    members = {
        **handlers,
        "http_method_names": names,
        "routes": known,
        "route": routes[0],
        "__doc__": routes[0].summary,
    }
    view: type[APIView] = type(f"{routes[0].name.title().replace('-', '')}View", (base,), members)
    return view.as_view()
