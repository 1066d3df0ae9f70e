"""What the views of all dialects share: who calls, JSON in and out, and one view for every path of a table."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from api.auth import BearerAuthentication, HasActor, origin_of
from api.route import Route
from rbacadmin.policy import Actor

R = TypeVar("R", bound=Route)


class AlwaysJSON(DefaultContentNegotiation):
    """JSON goes out, whatever `Accept` or `?format=` ask for."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class TableView(APIView):
    """The view of one path. `routes` says what each method does; `route` what the path mainly does."""

    authentication_classes: Any = [BearerAuthentication]
    permission_classes: Any = [HasActor]
    content_negotiation_class = AlwaysJSON
    door = BearerAuthentication.door  # what the record calls the dialect
    route: Any
    routes: dict[str, Any] = {}

    def handle(self, request: Request, **ids: str) -> HttpResponseBase:
        """Parse, check, call and answer, as the dialect does."""
        raise NotImplementedError

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Answers are one caller's own, and some hold a secret: nobody keeps them."""
        return {**super().default_response_headers, "Cache-Control": "no-store"}


def actor_of(request: Request) -> Actor:
    """Who calls; nobody in particular where a route needs no key."""
    return request.auth if isinstance(request.auth, Actor) else Actor.nobody(origin_of(request))


def urls_of(table: Iterable[R], base: Callable[[R], type[TableView]], dialect: str) -> list[URLPattern]:
    """The URL patterns of a route table, one for each path; `base` is the view class that a route wants."""
    by_path: dict[str, list[R]] = {}
    for route in table:
        by_path.setdefault(route.path, []).append(route)
    # `/team/{id}` comes after `/team/new` and hides it from nobody
    ordered = sorted(by_path.values(), key=lambda routes: "{" in routes[0].path)
    return [
        path(routes[0].pattern, view_of(routes, base(routes[0])), name=f"{dialect}-{routes[0].name}")
        for routes in ordered
    ]


def view_of(routes: list[R], base: type[TableView]) -> Any:
    """The view of a path, from the routes that share it."""
    methods = {method: route for route in routes for method in route.methods}
    handlers = {method.lower(): base.handle for method in methods}
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
