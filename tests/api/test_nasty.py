"""What does not fit is refused with the field's name, on every route and for every field, and changes nothing."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from api.litellm.route import Route
from api.litellm.routes import ROUTES
from api.parser import MAX_BODY
from tests.api.conftest import MASTER
from tests.api.examples import READS, WRITES
from tests.api.nasty import LONG, bad_values, fields_of
from tests.api.test_shapes import filled, ids_of
from tests.factories import KeyFactory
from tests.matrix.managed import changed, snapshot


def own_fields(route: Route) -> dict[str, list[dict[str, Any]]]:
    """The fields of body and query: what stands in the path says whom it is about, and nothing else may."""
    return {name: options for name, options in fields_of(route.request).items() if f"{{{name}}}" not in route.path}


TAKING = [route for route in ROUTES if own_fields(route)]
BY_BODY = [route for route in TAKING if set(route.methods) - {"GET"}]
BY_QUERY = [route for route in TAKING if "GET" in route.methods]
HEADERS = {"Authorization": f"Bearer {MASTER}"}

each = pytest.mark.parametrize


def named(route: Route) -> str:
    return route.path


@pytest.fixture
def ids(cast: Any) -> dict[str, str]:
    """What the names in examples and paths stand for."""
    key = KeyFactory(user=cast.member, organization=cast.organization)
    return {**ids_of(cast), "key": key.token, "person": cast.member.email}


@pytest.fixture
def example(ids: dict[str, str]) -> Callable[[Route], dict[str, Any]]:
    """A body that the route would accept."""

    def of(route: Route) -> dict[str, Any]:
        query = dict(part.split("=") for part in READS.get(route.path, "").lstrip("?").split("&") if part)
        return dict(filled(WRITES.get(route.path, query), ids))

    return of


@pytest.fixture
def send(ids: dict[str, str]) -> Callable[[Route, Any], Any]:
    """`send(route, body)`: by the first method that has a body; the path names what is there."""

    def call(route: Route, body: Any) -> Any:
        method = next(method for method in route.methods if method != "GET")
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        path = route.path.format(**ids)
        return Client().generic(method, path, content, content_type="application/json", headers=HEADERS)

    return call


def names_of(answer: Any) -> set[str]:
    """The fields that a refusal names."""
    found = answer.json()
    if isinstance(found.get("detail"), list):  # 422
        return {part for misfit in found["detail"] for part in misfit["loc"] if isinstance(part, str)}
    problem = found.get("error") or found["detail"]
    return {problem.get("param") or ""}


def short(value: Any) -> str:
    return repr(value)[:60]


@pytest.mark.sqlite
@each("route", BY_BODY, ids=named)
def test_a_field_refuses_what_it_cannot_hold(route: Route, example: Any, send: Any, ids: Any) -> None:
    body, before, wrong = example(route), snapshot(), []
    for field, options in own_fields(route).items():
        for value in bad_values(options):
            answer = send(route, {**body, field: value})
            if answer.status_code not in (400, 422) or field not in names_of(answer):
                wrong.append(f"{field}={short(value)}: {answer.status_code} {answer.content.decode()[:200]}")
    assert wrong == []
    assert changed(before, snapshot()) == []


@pytest.mark.sqlite
@each("route", BY_QUERY, ids=named)
def test_a_parameter_refuses_what_it_cannot_hold(route: Route, example: Any, send: Any, ids: Any) -> None:
    body, wrong = example(route), []
    for field, options in own_fields(route).items():
        lists = any(option.get("type") == "array" for option in options)
        texts = [value for value in bad_values(options) if isinstance(value, str) and value]
        many = [] if lists else [["a", "b"]]
        numbers = (
            ["-1", "0.5", "1e999", "9" * 400] if any(option.get("type") == "integer" for option in options) else []
        )
        for value in (*texts, *numbers, *many):
            query = urlencode({**body, field: value}, doseq=True)
            answer = Client().get(f"{route.path.format(**ids)}?{query}", headers=HEADERS)
            if answer.status_code not in (400, 422) or field not in names_of(answer):
                wrong.append(f"{field}={short(value)}: {answer.status_code} {answer.content.decode()[:200]}")
    assert wrong == []


DEEP = b'{"metadata": ' + b'{"a": ' * 40 + b"1" + b"}" * 41
BODIES = {
    "no JSON": b"{",
    "no object": b"[]",
    "a number": b"7",
    "no UTF-8": b'{"a": "\xff"}',
    "NUL": b'{"user_id": "a\\u0000b"}',
    "NUL in a name": b'{"a\\u0000b": 1}',
    "half a character": b'{"user_id": "\\ud800"}',
    "a name twice": b'{"user_id": "a", "user_id": "b"}',
    "NaN": b'{"max_budget": NaN}',
    "Infinity": b'{"max_budget": -Infinity}',
    "more than any float": b'{"max_budget": 1e999}',
    "more digits than Python reads": b'{"max_budget": ' + b"9" * 5000 + b"}",
    "nested 40 deep": DEEP,
    "nested 100,000 deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "larger than 1 MB": b'{"metadata": "' + b"x" * MAX_BODY + b'"}',
}


@pytest.mark.sqlite
@each("route", BY_BODY, ids=named)
def test_a_body_that_is_no_good_is_400_and_says_why(route: Route, send: Any) -> None:
    before = snapshot()
    for name, body in BODIES.items():
        answer = send(route, body)
        assert answer.status_code == 400, (name, answer.content)
        told = answer.json()
        problem = told[route.envelope] if route.envelope in told else {"message": told["detail"]}
        assert (problem.get("message") or problem.get("error", "")).endswith("."), (name, problem)
    assert changed(before, snapshot()) == []


@pytest.mark.sqlite
@each("route", TAKING, ids=named)
def test_a_query_with_nul_is_400(route: Route, ids: Any) -> None:
    field = next(iter(own_fields(route)))
    for text in ("%00", "a%00b"):
        answer = Client().generic(route.methods[0], f"{route.path.format(**ids)}?{field}={text}", headers=HEADERS)
        assert answer.status_code == 400, answer.content


def roles_in(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where roles stand in an example."""
    items = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    found = [(*path, name) for name, _ in items if name in ("role", "user_role")]
    return found + [place for name, value in items for place in roles_in(value, (*path, name))]


def replaced(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


WITH_ROLES = [route for route in ROUTES if roles_in(WRITES.get(route.path, {}))]


@pytest.mark.sqlite
@each("role", ["king", "", "adm1n", "proxy_admin", "superuser", "аdmin", LONG[:255]])
@each("route", WITH_ROLES, ids=named)
def test_an_unknown_role_is_400_with_the_words_that_are_known(route: Route, role: str, example: Any, send: Any) -> None:
    body, before = example(route), snapshot()
    for place in roles_in(body):
        answer = send(route, replaced(body, place, role))
        assert answer.status_code == 400, (place, answer.content)
        assert "role" in answer.content.decode()
        assert any(word in answer.content.decode() for word in ("org_admin", "owner", "admin", "internal_user"))
    assert changed(before, snapshot()) == []


NAMES = {
    "/organization/new": ("organization_alias", "organization"),
    "/organization/update": ("organization_alias", "organization"),
    "/team/new": ("team_alias", "team"),
    "/team/update": ("team_alias", "team"),
    "/project/new": ("title", "project"),
    "/project/update": ("title", "project"),
    "/key/generate": ("key_alias", "key"),
    "/key/service-account/generate": ("key_alias", "key"),
    "/key/update": ("key_alias", "key"),
    "/key/regenerate": ("key_alias", "key"),
    "/user/new": ("user_email", "person"),
}


def test_every_route_that_names_something_is_tried_with_a_name_that_is_taken() -> None:
    naming = {
        route.path
        for route in ROUTES
        if route.writes
        and {"organization_alias", "team_alias", "title", "key_alias"} & set(route.request.model_fields)
        and not route.path.startswith("/user/")
        and "{" not in route.path
    }
    assert naming <= set(NAMES)


@each("path", NAMES)
def test_a_name_that_is_taken_is_refused_whatever_its_case(path: str, example: Any, send: Any, cast: Any) -> None:
    """Rulebook 21."""
    field, kind = NAMES[path]
    route = next(route for route in ROUTES if route.path == path)
    mine = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, alias="mine")
    taken = {
        "organization": cast.there.organization.alias,
        "team": cast.other_team.alias,
        "project": cast.other_project.alias,
        "key": cast.keys["colleague_team"].alias,
        "person": cast.colleague.email,
    }[kind]
    body = {**example(route), field: taken.upper()}
    if path == "/key/generate":
        body["organization_id"] = cast.organization.public_id
    if "key" in body:
        body["key"] = mine.token
    before = snapshot()
    answer = send(route, body)
    assert answer.status_code == (409 if path == "/user/new" else 400), answer.content
    assert field in names_of(answer)
    assert changed(before, snapshot()) == []
