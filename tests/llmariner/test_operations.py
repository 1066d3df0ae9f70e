"""Each of the 22 operations: answered as its model says, and refused in gRPC's envelope."""

import re
from typing import Any

import pytest
from django.test import Client

from rbacadmin.models import AuditEvent
from tests.llmariner.conftest import Call
from tests.llmariner.examples import BODIES, OPERATIONS, path_of
from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot
from tests.support.cells import cells
from tests.world import World

ALL = 22
BROKEN = (b"{", b"[]", b'{"title": "a", "title": "b"}', b'{"user_id": "a\\u0000b"}', b'{"a": NaN}')
# Who may call each operation about the cast's own organization and project; everybody else is refused.
EVERYBODY = ("proxy_admin", "auditor", "org_admin", "project_owner", "project_member", "reader", "stranger", "loner")
ADMINS = {"proxy_admin", "org_admin"}
HERE = {"proxy_admin", "auditor", "org_admin", "project_owner", "project_member", "reader"}
INSIDE = HERE - {"reader"}
LEADING = {"proxy_admin", "org_admin", "project_owner"}
MAY: dict[str, set[str]] = {
    "DELETE /v1/organizations/{id}": {"proxy_admin"},
    "POST users": ADMINS,
    "GET users": ADMINS | {"auditor"},
    "DELETE users/{user_id}": ADMINS,
    "POST projects": ADMINS,
    "GET projects": HERE,
    "PATCH projects/{id}": LEADING,
    "DELETE projects/{id}": ADMINS,
    "POST projects/{project_id}/users": LEADING,
    "GET projects/{project_id}/users": INSIDE,
    "DELETE projects/{project_id}/users/{user_id}": LEADING,
    "POST projects/{project_id}/api_keys": LEADING | {"project_member"},
    "GET projects/{project_id}/api_keys": INSIDE,
    "DELETE projects/{project_id}/api_keys/{id}": LEADING | {"project_member"},
}
SEE = {"organization": HERE, "project": INSIDE}


def short(method: str, path: str) -> str:
    return f"{method} {path.removeprefix('/v1/organizations/{organization_id}/')}"


def test_there_are_22_and_every_write_has_an_example() -> None:
    assert len(OPERATIONS) == ALL
    assert set(BODIES) == {(method, route.path) for method, route in OPERATIONS if method in ("POST", "PATCH")}


def test_every_operation_answers_200_and_fits_its_model(cast: World, call: Call) -> None:
    with cells() as tried:
        for method, route in OPERATIONS:
            with tried.cell(short(method, route.path)), undone():
                body = BODIES.get((method, route.path))
                if route.path == "/v1/api_keys" and body:
                    body = {**body, "projectId": cast.project.public_id}
                status, told = call(method, path_of(route, cast), body, as_="proxy_admin")
                assert status == 200, told
                route.response.model_validate(told)


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_do_what_and_a_refusal_changes_nothing_and_is_on_record(cast: World, call: Call, name: str) -> None:
    """403 to whom it is visible, 404 to all others; a write that is refused leaves one row in the record."""
    with cells() as tried:
        for method, route in OPERATIONS:
            if (case := short(method, route.path)) not in MAY:
                continue
            with tried.cell(case), undone():
                path, body = path_of(route, cast), BODIES.get((method, route.path))
                before, noted = snapshot(), set(AuditEvent.objects.values_list("pk", flat=True))
                status, told = call(method, path, body, as_=name)
                sight = SEE["project" if re.search(r"projects/{", route.path) else "organization"]
                seen = name in ("proxy_admin", "auditor") if case.endswith("organizations/{id}") else name in sight
                expected = 200 if name in MAY[case] else 403 if seen else 404
                assert status == expected, told
                if status != 200:
                    assert told["code"] == {403: 7, 404: 5}[status]
                    assert changed(before, snapshot()) == []
                    rows = list(AuditEvent.objects.exclude(pk__in=noted))
                    assert [row.status for row in rows] == [status] * (method != "GET"), case
                    assert {row.door for row in rows} <= {"llmariner"}


def test_bad_input_is_400_in_the_envelope_and_changes_nothing(cast: World, call: Call) -> None:
    """Wrong types name their field; what is no JSON object says so."""
    with cells() as tried:
        for method, route in OPERATIONS:
            asked = list(route.request.model_json_schema().get("properties", {}))
            path, before = path_of(route, cast), snapshot()
            with tried.cell(short(method, route.path)):
                for content in BROKEN if method != "GET" else ():
                    status, told = call(method, path, content, as_="proxy_admin")
                    assert (status, told["code"], set(told)) == (400, 3, {"code", "message", "details"}), told
                if asked and method != "GET":
                    status, told = call(method, path, dict.fromkeys(asked, [[{"a": -1}]]), as_="proxy_admin")
                    assert (status, told["code"]) == (400, 3), told
                    named = {found["field"].split(".")[0] for found in told["details"][0]["field_violations"]}
                    assert named == set(asked)
                assert changed(before, snapshot()) == []


def test_without_a_key_and_with_another_method_it_is_the_envelope_too(cast: World, call: Call) -> None:
    answer = Client().get("/v1/organizations")
    assert (answer.status_code, answer.json()["code"]) == (401, 16)
    status, told = call("PUT", "/v1/organizations", {}, as_="reader")
    assert (status, told["code"]) == (405, 12)
    for path in ("/v1/organizations?include_summary=%00", "/v1/organizations/none/nothing"):
        told = call("GET", path, as_="reader")[1]
        assert set(told) == {"code", "message", "details"}


def test_bodies_take_either_spelling_but_not_both(cast: World, call: Call, home: str) -> None:
    body: dict[str, Any] = {"title": "Apollo", "kubernetesNamespace": "apollo"}
    status, told = call("POST", f"{home}/projects", body, as_="org_admin")
    assert (status, told["kubernetes_namespace"]) == (200, "apollo")
    both = {**body, "title": "Gemini", "kubernetes_namespace": "other"}
    assert call("POST", f"{home}/projects", both, as_="org_admin")[0] == 400
