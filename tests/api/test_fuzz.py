"""Whatever fits the schema, and much that does not, is answered: never by a 500, and always in the shape shown."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.litellm.route import Route
from api.litellm.routes import ROUTES

ODD = ["", " ", "\x7f", "a@b", "30d", "-1", "0" * 255, "é" * 200, "ﬀ", "İ", "a\u2028b", "user", "team", "%", "_"]
text = st.text(max_size=20, alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
anything = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text


def values(part: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that fit a part of a JSON schema, odd ones preferred."""
    if "$ref" in part:
        return values(definitions[part["$ref"].rsplit("/", 1)[-1]], definitions)
    if "anyOf" in part:
        return st.one_of([values(option, definitions) for option in part["anyOf"]])
    if "enum" in part:
        return st.sampled_from(part["enum"])
    if "properties" in part:
        return st.fixed_dictionaries({}, optional=fields(part, definitions))
    match part.get("type"):
        case "string":
            return st.sampled_from(ODD) | text
        case "integer":
            return st.integers(part.get("minimum", 0), part.get("maximum", 10))
        case "number":
            return st.floats(0, 9e9)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            return st.lists(values(part["items"], definitions), max_size=3)
        case "object":
            inner = part.get("additionalProperties")
            return st.dictionaries(
                text, values(inner, definitions) if isinstance(inner, dict) else anything, max_size=3
            )
    return anything


def fields(part: dict[str, Any], definitions: dict[str, Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: values(inner, definitions) for name, inner in part["properties"].items()}


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.request.model_fields], ids=lambda route: route.path
)
def test_nothing_is_a_500(cast: Any, route: Route) -> None:
    schema = route.request.model_json_schema()
    known = {"team_id": cast.team, "organization_id": cast.organization, "key": cast.keys["member_team"]}
    possible = fields(schema, schema.get("$defs", {}))
    required = {name: possible.pop(name) for name in schema.get("required", [])}
    callers = st.sampled_from(["sk-1234", cast.secrets["org_admin"], cast.secrets["member"]])

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.fixed_dictionaries(required, optional=possible), callers, st.booleans(), st.sampled_from(route.methods))
    def ask(body: dict[str, Any], secret: str, real: bool, method: str) -> None:
        named = {name: row.public_id for name, row in known.items() if real and name in route.request.model_fields}
        given = {**body, **named}
        headers = {"Authorization": f"Bearer {secret}"}
        with transaction.atomic():  # PostgreSQL would not forgive a failed statement
            if method == "GET":
                flat = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
                answer = Client().get(route.path, flat, headers=headers)
            else:
                answer = Client().generic(
                    method, route.path, json.dumps(given), content_type="application/json", headers=headers
                )
        assert answer.status_code < 500, answer.content
        if answer.streaming:
            assert answer.getvalue() is not None
        elif answer.status_code == 200:
            route.response.model_validate(answer.json())

    ask()
