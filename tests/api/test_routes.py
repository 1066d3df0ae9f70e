"""The route table is complete, and URLs, methods and envelopes follow from it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from api.context import HEADERS
from api.litellm.route import Route
from api.litellm.routes import ROUTES
from api.litellm.view import RouteView
from api.openai.administration.routes import ROUTES as ADMINISTRATION
from api.urls import urlpatterns
from tests.test_architecture import sources

pytestmark = pytest.mark.sqlite

# Issue point 6, the dialect half.
ASKED_FOR = [
    "/organization/new",
    "/organization/info",
    "/organization/list",
    "/organization/member_add",
    "/team/new",
    "/team/info",
    "/team/list",
    "/team/update",
    "/team/member_add",
    "/team/permissions_list",
    "/team/permissions_update",
    "/user/new",
    "/user/info",
    "/user/list",
    "/key/generate",
    "/key/info",
    "/key/list",
    "/key/update",
    "/key/delete",
    "/key/regenerate",
    "/key/block",
    "/key/unblock",
    "/key/health",
    "/health",
    "/health/liveliness",
    "/health/liveness",
    "/health/readiness",
    "/access/explain",
    "/access/who-can",
]

DETAIL = [
    "/organization/update",
    "/organization/delete",
    "/organization/member_update",
    "/organization/member_delete",
    "/team/delete",
    "/team/block",
    "/team/unblock",
    "/team/member_update",
    "/team/member_delete",
    "/organization/new",
    "/organization/info",
    "/organization/list",
    "/team/member_add",
    "/team/permissions_list",
    "/team/permissions_update",
    "/team/list",
    "/user/list",
    "/key/service-account/generate",
    "/key/block",
    "/key/unblock",
]
ENVELOPE = [
    "/key/regenerate",
    "/key/{key}/regenerate",
    "/team/new",
    "/team/update",
    "/team/info",
    "/user/new",
    "/user/info",
    "/key/generate",
    "/key/update",
    "/key/delete",
    "/key/info",
    "/key/list",
    "/organization/member_add",
]

# Questions with more to say than an address holds.
ASKED_BY_POST = ("/access/explain", "/v2/key/info", "/spend/calculate", "/global/spend/end_users", "/budget/info")
DOORS = {
    "",
    "gateway/auth-request",
    "gateway/forward-auth",
    "gateway/ext-authz/<path:_path>",
}  # tried elsewhere
RIGHTS_FIRST = ("/gateway/usage",)  # each event is checked alone, once it is clear that the caller may report any
every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)


def by_path(path: str) -> Route:
    return next(route for route in ROUTES if route.path == path)


@pytest.mark.parametrize("path", ASKED_FOR)
def test_what_was_asked_for_is_in_the_table(path: str) -> None:
    assert by_path(path)


def test_no_path_and_method_stands_twice() -> None:
    pairs = [(route.path, method) for route in ROUTES for method in route.methods]
    assert len(pairs) == len(set(pairs))


def test_every_url_of_the_dialect_is_in_the_table() -> None:
    found = {str(url.pattern) for url in urlpatterns} - {"openapi.json", "docs/"} - DOORS
    found -= {route.pattern for route in ADMINISTRATION}
    assert found == {route.pattern for route in ROUTES}


def test_the_site_serves_them() -> None:
    for route in ROUTES:
        assert resolve(route.path).func.cls.__mro__.count(RouteView) == 1, route.path


@pytest.mark.parametrize("path", DETAIL)
def test_shape_b_where_litellm_has_it(path: str) -> None:
    assert by_path(path).envelope == "detail"


@pytest.mark.parametrize("path", ENVELOPE)
def test_shape_a_where_litellm_has_it(path: str) -> None:
    assert by_path(path).envelope == "error"


@every_route
def test_without_a_key_nobody_gets_in_and_nobody_is_redirected(db: None, route: Route) -> None:
    for method in route.methods:
        answer = Client().generic(method, route.path, b"{}", content_type="application/json")
        if route.public:
            assert answer.status_code == (422 if route.request.model_fields else 200)
        else:
            assert answer.status_code == 401, f"{method} {route.path}"
            assert answer.json()["error"]["type"] == "auth_error"


@every_route
def test_other_methods_are_405_in_the_envelope(master: Any, route: Route) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - set(route.methods):
        answer = master(method, route.path)
        assert answer.status_code == 405, f"{method} {route.path}"
        told = answer.json()
        assert set(told) == {route.envelope} if route.envelope != "problem" else told["title"] == "Method Not Allowed"


@every_route
def test_method_aliases_of_rulebook_28(route: Route) -> None:
    """Old clients use either; what LiteLLM itself documents comes first."""
    last = route.path.rsplit("/", 1)[-1]
    expected = {
        "list": ("GET", "POST"),
        "health": ("GET", "POST"),
        "update": ("POST", "PATCH"),
        "permissions_update": ("POST", "PATCH"),
        "delete": ("POST", "DELETE"),
    }
    if last in expected and route.path != "/health":
        assert set(expected[last]) <= set(route.methods)
    if last.startswith("{"):  # a row by its address: looked at, or changed by a patch
        assert route.methods in (("PATCH",), ("GET",))
    elif "{" not in route.path:
        assert route.methods[0] == ("GET" if not route.writes and route.path not in ASKED_BY_POST else "POST")


@every_route
def test_a_body_of_wrong_types_is_422_or_400_and_never_500(master: Any, route: Route) -> None:
    for method in route.methods:
        wrong: dict[str, Any] = dict.fromkeys(route.request.model_fields, [[{"a": -1e300}]])
        answer = master(method, route.path, wrong)
        assert answer.status_code < 500
        elsewhere = {*HEADERS, *re.findall(r"{(\w+)}", route.path)}  # in headers, and in the address
        asked = set(route.request.model_fields) - elsewhere
        if route.path in RIGHTS_FIRST:
            assert answer.status_code == 403, answer.content
        elif asked:
            assert answer.status_code == 422, answer.content
            assert {*answer.json()["detail"][0]} == {"loc", "msg", "type", "input"}


DIALECTS = sources("api")
RULES = re.compile(
    r"\.(save|create|bulk_create|update_or_create|delete)\(|objects\.get\(|platform_role\s*[=!]=|role\s*[=!]="
)


def test_no_rule_and_no_write_lives_in_a_dialect() -> None:
    assert len(DIALECTS) > 100
    for file in DIALECTS:
        found = [line for line in file.read_text().splitlines() if RULES.search(line)]
        assert not found, f"{file}: {found}"


def test_no_file_of_a_dialect_needs_a_table_of_contents() -> None:
    assert len(DIALECTS) > 100
    for file in DIALECTS:
        assert len(file.read_text().splitlines()) < 200, file
