"""The schema is valid, complete and without warnings; its documentation needs nothing from elsewhere."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client

from api import health
from api.litellm.routes import ROUTES
from gateway.models import CatalogModel


def test_the_schema_is_valid_and_nothing_warns(tmp_path: Path) -> None:
    file = tmp_path / "schema.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file), stdout=StringIO())
    assert "/key/generate" in file.read_text()


def test_every_route_and_method_is_in_it(db: None) -> None:
    schema = Client().get("/openapi.json").json()
    found = {(path, method.upper()) for path, methods in schema["paths"].items() for method in methods}
    assert found >= {(route.path, method) for route in ROUTES for method in route.methods}
    names = [operation["operationId"] for methods in schema["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_calls_of_models_are_in_it(db: None) -> None:
    call = Client().get("/openapi.json").json()["paths"]["/v1/chat/completions"]["post"]
    asked = call["requestBody"]["content"]["application/json"]["schema"]
    assert asked["required"] == ["model", "messages"]
    assert {"200", "400", "401", "403", "422", "429", "503"} <= call["responses"].keys()


def test_operations_say_what_they_need(db: None) -> None:
    paths = Client().get("/openapi.json").json()["paths"]
    generate = paths["/key/generate"]["post"]
    assert generate["operationId"] == "key_generate"
    assert generate["tags"] == ["key"]
    assert generate["security"] == [{"key": []}]
    assert set(generate["responses"]) == {"200", "400", "401", "403", "404", "409", "422"}
    assert "security" not in paths["/health/readiness"]["get"] or paths["/health/readiness"]["get"]["security"] == []
    assert {p["name"] for p in paths["/team/info"]["get"]["parameters"]} == {"team_id"}


def test_the_documentation_has_no_inline_code_and_asks_nobody_else(db: None) -> None:
    answer = Client().get("/docs/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"<style|<script>|style=|onload=", html)
    assert all(url.startswith("/") for url in re.findall(r'(?:src|href)="([^"]+)"', html))
    script = Client().get(re.findall(r'src="([^"]+script=[^"]*)"', html)[0])
    assert script["Content-Type"].startswith("application/javascript")
    assert "'unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/health/liveliness", "/health/liveness"])
def test_a_sign_of_life_needs_no_key_and_no_database(path: str) -> None:
    answer = Client().get(path)
    assert answer.json() == "I'm alive!"


def test_a_bad_key_does_not_matter_there() -> None:
    assert Client().get("/health/liveliness", headers={"Authorization": "Bearer sk-junk"}).status_code == 200


def test_ready(db: None) -> None:
    answer = Client().get("/health/readiness")
    assert answer.status_code == 200
    assert answer.json()["db"] == "connected"


def test_not_ready_without_a_database(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> Any:
            raise DatabaseError("connection refused at 10.0.0.7")

    monkeypatch.setattr(health, "connection", Away())
    answer = Client().get("/health/readiness")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unhealthy"
    assert "10.0.0.7" not in answer.content.decode()


def test_health_needs_a_key_and_counts_what_the_caller_may_use(cast: Any, master: Any, api: Any) -> None:
    assert Client().get("/health").status_code == 401
    assert master("GET", "/health").json()["healthy_count"] == CatalogModel.objects.count()
    assert api("GET", "/health", as_="member").json()["healthy_count"] == 3
