"""Whatever fits the schema is answered as the schema says, whoever asks: never a 500, and a refusal changes nothing.

What does not fit is in test_nasty.py.
"""

import json
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
import schemathesis
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.internal.conjecture import providers
from schemathesis.core.transport import Response

from api.litellm.route import Route
from api.litellm.routes import ROUTES
from api.openapi import schema
from tests.api.examples import READS, WRITES
from tests.api.test_shapes import filled, ids_of
from tests.factories import KeyFactory
from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot

# Everybody is tried on SQLite; on PostgreSQL these show that what fits the schema fits its columns too.
ON_BOTH = ("proxy_admin", "member")
ROLES = ("proxy_admin", "org_admin", "team_admin", "member", "viewer")
OPERATIONS = [(route, method) for route in ROUTES if not route.public for method in route.methods]
# Fields that name rows: half of the examples name rows that are there.
NAMING: dict[str, Any] = {
    "organization_id": "{organization}",
    "organization_ids": ["{organization}"],
    "organizations": ["{organization}"],
    "team_id": "{team}",
    "team_ids": ["{team}"],
    "project_id": "{project}",
    "project_ids": ["{project}"],
    "user_id": "{person}",
    "key": "{key}",
    "keys": ["{key}"],
    "page": 1,
}


@cache
def operations() -> Any:
    """The schema as schemathesis reads it. NUL has tests of its own: it is refused before any dialect is asked."""
    found = schemathesis.openapi.from_dict(schema())
    found.config.generation.update(allow_x00=False)
    return found


@pytest.fixture(autouse=True)
def _same_examples_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis picks constants from whatever modules are loaded: which those are depends on the tests before."""
    none = providers.Constants()
    monkeypatch.setattr(providers, "_get_local_constants", lambda: none, raising=False)


@pytest.mark.parametrize(("route", "method"), OPERATIONS, ids=[f"{m} {route.path}" for route, m in OPERATIONS])
def test_what_fits_the_schema_is_answered_as_it_says(cast: Any, route: Route, method: str) -> None:
    """Each role asks for something invented, for rows that are there, and for the documented example with more."""
    key = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization)
    ids = {**ids_of(cast), "key": key.token, "person": cast.member.email}
    named = {name: filled(value, ids) for name, value in NAMING.items() if name in route.request.model_fields}
    example = {} if method == "GET" else filled(WRITES.get(route.path, {}), ids)
    asked = rounds(named, example) if method == route.methods[0] else [(role, {**named, **example}) for role in roles()]
    turns: Iterator[int] = count()
    before = snapshot()
    # OpenAPI knows no body for DELETE; here it is the same as for POST
    source = operations()[route.path]["POST" if method == "DELETE" else method]

    @settings(
        max_examples=len(asked),
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(source.as_strategy())
    def ask(case: Any) -> None:
        role, known = asked[next(turns) % len(asked)]
        with undone():
            answer = call(method, route, case, known, cast.secrets[role], ids)
            content = answer.getvalue() if answer.streaming else answer.content
            said = f"{method} {route.path} as {role} with {known}: {answer.status_code} {content[:500]!r}"
            assert answer.status_code < 500, said
            conforms(route, method, answer, said)
            if answer.status_code >= 400 or not route.writes:
                assert changed(before, snapshot()) == [], said

    ask()


def roles() -> tuple[str, ...]:
    return ROLES if connection.vendor == "sqlite" else ON_BOTH


def rounds(named: dict[str, Any], example: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Who asks for what. Everybody for what is there and for the example; what is invented is nobody's, so two do."""
    known = [named] * bool(named) + [{**named, **example}] * bool(example)
    return [(role, {}) for role in (ON_BOTH if known else roles())] + [(r, told) for told in known for r in roles()]


def call(method: str, route: Route, case: Any, known: dict[str, Any], secret: str, ids: dict[str, str]) -> Any:
    """What the case asks, as a request; `known` wins over what was invented."""
    headers = {"Authorization": f"Bearer {secret}"}
    path = route.path.format(**ids) if known else case.formatted_path
    if method == "GET":
        query = READS.get(route.path, "").format(**ids).lstrip("?") if known else ""
        invented = {
            name: value for name, value in (case.query or {}).items() if name not in query and name not in known
        }
        named = {name: value for name, value in known.items() if name not in query}
        return Client().get(f"{path}?{query}&{urlencode({**invented, **named}, doseq=True)}", headers=headers)
    body = {**(case.body if isinstance(case.body, dict) else {}), **known}
    return Client().generic(method, path, json.dumps(body), content_type="application/json", headers=headers)


def conforms(route: Route, method: str, answer: Any, said: str) -> None:
    """The status is one that the schema names, and the body fits what it shows for it."""
    operation = operations()[route.path][method]
    assert str(answer.status_code) in operation.definition.raw["responses"], said
    if answer.streaming:  # a file, and no JSON document
        return
    headers = {name.lower(): [value] for name, value in answer.headers.items()}
    request = requests.Request(method, f"http://testserver{route.path}").prepare()
    operation.validate_response(Response(answer.status_code, headers, answer.content, request, 0.0, False))
    if answer.status_code == 200:
        route.response.model_validate(answer.json())  # stricter: no field that the schema does not show
