"""The whole URL map, route by route: who gets what, and that nothing falls over."""

from collections import Counter
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client

from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot
from tests.routes.conftest import Walker
from tests.routes.dialect import DIALECT
from tests.routes.rule import ELSEWHERE, PERSONAS
from tests.routes.table import ADMIN_MODELS, RULES, address
from tests.routes.walk import walk
from tests.support.cells import cells
from tests.world import World

ROUTES = sorted(RULES)
OBJECTS = [route for route in ROUTES if RULES[route].about_object]
# Everybody walks on SQLite, these on PostgreSQL too.
ON_BOTH = ("anonymous", "org_admin", "stranger")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
LIKE_GET_TO_ADMIN = ("PUT", "PATCH", "DELETE")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
WALKS_EVERYWHERE = ("anonymous", "member", "org_admin", "stranger", "superuser")
WALKS_ON_POSTGRES = ("org_admin", "superuser")
# Third-party pages know no roles: signed in or not, superuser or not.
OUTSIDE_OF_OURS = {"admin": ("anonymous", "superuser"), "accounts": ("anonymous", "member")}
SILLY = '{"team_id": ["x"], "organization_id": {"a": 1}, "key": 7, "keys": "x", "user_id": [], "page": -1}'
QUERY = "?page=-1&size=x&after=x&q=%ff&next=//evil.example.com&team_id=a&team_id=b&key=%F0%9F%99%82&sort_by=password"
BODIES = {
    "empty": ("application/json", b""),
    "silly": ("application/json", SILLY.encode()),
    "broken": ("application/json", b'{"team_id": '),
    "form": ("application/x-www-form-urlencoded", b"email=%ff&role=king&login=%00&object_id=x&action=delete_selected"),
}
# Method, query, content type and body. The plain GET is in `test_route`, and HEAD, the same code, is asked by one.
REQUESTS = [
    ("GET", QUERY, *BODIES["empty"]),
    *((method, "", *BODIES["empty"]) for method in ("HEAD", "OPTIONS")),
    *((method, "", *body) for method in WRITING for body in BODIES.values()),
]
# Screens and Django's admin read forms only: what comes as JSON is an empty form to them.
REQUESTS_TO_FORMS = [request for request in REQUESTS if request[3] not in (BODIES["silly"][1], BODIES["broken"][1])]


def test_every_route_has_a_row() -> None:
    assert {found.route for found in walk()} == set(RULES)


def test_names_of_routes_are_unique() -> None:
    """Two routes of one name: `reverse` and `{% url %}` would pick either."""
    names = Counter(found.name for found in walk() if found.name)
    assert [name for name, count in names.items() if count > 1] == []


EVERY_ROUTE = pytest.mark.parametrize("route", [pytest.param(route, id=route or "root") for route in ROUTES])


# Of those who walk on both nobody gets beyond the admin's own sign-in: no row is asked for.
@pytest.mark.parametrize(
    "route",
    [
        pytest.param(route, id=route or "root", marks=[pytest.mark.sqlite] if route.startswith("admin/") else [])
        for route in ROUTES
    ],
)
def test_route(world: World, walker: Walker, route: str) -> None:
    rule, path = RULES[route], address(route, world)
    method = rule.methods[0] if rule.methods else "GET"
    walkers = {name: walker(name, route) for name in (PERSONAS if connection.vendor == "sqlite" else ON_BOTH)}
    before = snapshot()
    with cells() as tried:
        for persona, (client, headers) in walkers.items():
            with tried.cell(persona):
                with undone():
                    answer = client.generic(method, path, content_type="application/json", headers=headers)
                    if method == "GET" or answer.status_code >= 300:  # a few commands take an empty body
                        assert not changed(before, snapshot())
                assert answer.status_code == rule.statuses[persona], answer.content[:500]
                if persona == "anonymous" and answer.status_code == 302:
                    assert answer["Location"].split("?")[0] in ("/ui/", "/accounts/login/", rule.signs_in)


def walks(route: str) -> tuple[Sequence[str], list[tuple[str, str, str, bytes]]]:
    """Who asks this route for what.

    On PostgreSQL what may reach its rows: not who is sent away from the admin, no method that does no more than GET,
    no body that cannot be read. To Django's admin whatever is no POST is a GET, with a body that nobody reads.
    """
    place = route.split("/")[0]
    asked, like_get = (REQUESTS_TO_FORMS if place in ("ui", "admin") else REQUESTS), ["HEAD", "OPTIONS"]
    if place == "admin":
        asked = [found for found in asked if found[0] not in LIKE_GET_TO_ADMIN or not found[3]]
        like_get += LIKE_GET_TO_ADMIN
    if connection.vendor == "sqlite":
        return OUTSIDE_OF_OURS.get(place, WALKS_EVERYWHERE), asked
    personas = ("superuser",) if place == "admin" else OUTSIDE_OF_OURS.get(place, WALKS_ON_POSTGRES)
    broken = BODIES["broken"][1]
    return personas, [found for found in asked if found[0] not in like_get and found[3] != broken]


@EVERY_ROUTE
def test_nothing_falls_over(world: World, walker: Walker, route: str) -> None:
    path = address(route, world)
    personas, requests = walks(route)
    untaken: set[str] = set()  # what refuses a method has not looked at who sends it, nor at the body
    with cells() as tried:
        for persona in personas:
            client, headers = walker(persona, route)
            shut = set()  # what refuses who sends it has not looked at the body
            for method, query, content_type, content in requests:
                if method not in shut | untaken and (method != "HEAD" or persona == personas[-1]):
                    with tried.cell(f"{method} {query} {content[:20]!r} as {persona}"), undone():
                        answer = client.generic(
                            method, path + query, content, content_type=content_type, headers=headers
                        )
                        assert answer.status_code < 500 or answer.status_code == 501, answer.status_code
                        if answer.streaming:
                            list(answer.streaming_content)
                        if answer.status_code == 405:
                            untaken.add(method)
                        if method in WRITING and answer.status_code == 401:
                            shut.add(method)


@pytest.mark.sqlite
@pytest.mark.parametrize("route", OBJECTS)
def test_the_other_organization_finds_no_object(world: World, walker: Walker, route: str) -> None:
    path = address(route, world)
    walkers = {name: walker(name, route) for name in ELSEWHERE}
    before = snapshot()
    with cells() as tried:
        for persona, (client, headers) in walkers.items():
            for method in METHODS:
                with tried.cell(f"{method} as {persona}"), undone():
                    answer = client.generic(method, path, headers=headers)
                    assert answer.status_code == 404 or (method != "GET" and answer.status_code == 405)
                    assert not changed(before, snapshot())


@pytest.mark.sqlite
@pytest.mark.parametrize("route", sorted(DIALECT))
def test_a_dialect_route_takes_its_methods_only(world: World, walker: Walker, route: str) -> None:
    client, headers = walker("proxy_admin", route)
    allowed = {*RULES[route].methods, *(["HEAD"] if "GET" in RULES[route].methods else [])}
    for method in METHODS:
        with undone():
            answer = client.generic(method, f"/{route}", content_type="application/json", headers=headers)
        assert (answer.status_code == 405) == (method not in allowed), f"{method}: {answer.status_code}"


@pytest.mark.sqlite
@pytest.mark.parametrize("route", sorted(DIALECT))
def test_a_session_opens_no_dialect(world: World, route: str) -> None:
    """No cookie is read there, hence nothing can be forged through one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.proxy_admin, backend="django.contrib.auth.backends.ModelBackend")
    for method in RULES[route].methods:
        assert client.generic(method, f"/{route}", content_type="application/json").status_code == 401


def test_groups_are_not_in_the_admin() -> None:
    """A scope's group is its people: editing it there would bypass every rule."""
    assert "admin/auth/group/" not in {found.route for found in walk()}
    assert "auth/group" not in ADMIN_MODELS
