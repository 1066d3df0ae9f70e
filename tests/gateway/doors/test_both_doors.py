"""Memory, the boundary and the Django view answer alike: over keys, states, models, routes and proxies, by chance."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from gateway import admission
from gateway.admission import evict
from gateway.models import CatalogModel
from keys.models import Key
from tests.factories import KeyFactory
from tests.gateway.doors.conftest import at_boundary, from_memory
from tests.world import World

ROUNDS = 150
MODELS = ("gpt-4o", "gpt-4o", "gpt-4o", "gpt-4o-mini", "o3", "nothing", "", "openai/gpt", "gpt\u00e4")
PATHS = (
    *("/v1/chat/completions", "/v1/embeddings", "/v1/models", "/openai/deployments/gpt-4o/chat/completions"),
    *("/v1/../x", "/static/page.html", "/v1/models/o3", "/v1/models/gpt%2D4o"),
)
OWN = {"x-request-id", "x-rbacadmin-request-id"}  # each call has its own


@pytest.fixture
def secrets(cast: World) -> list[str]:
    """Keys in every state that an answer may depend on."""
    CatalogModel.objects.filter(name="gpt-4o").update(input_price=10**9, output_price=10**9)
    place: dict[str, Any] = {"user": cast.member, "team": cast.team, "organization": cast.organization}
    states: list[dict[str, Any]] = [
        {"blocked_by": "platform"},
        {"expires_at": timezone.now() - timedelta(days=1)},
        {"max_budget": 0},
        {"max_budget": 1},
        {"max_budget": 10**12, "rpm_limit": 5, "tpm_limit": 10**6, "max_parallel_requests": 2},
        {"rpm_limit": 0},
        {"tpm_limit": 10},
        {"max_parallel_requests": 0},
        {"models": ["gpt-4o-mini"]},
        {"models": ["no-default-models"]},
        {"allowed_routes": ["/v1/embeddings"]},
        {"aliases": {"nothing": "gpt-4o"}},
    ]
    made = [KeyFactory(**place, **state).secret for state in states]
    gateway = KeyFactory(user=None, kind=Key.Kind.GATEWAY).secret
    others = [cast.secrets["proxy_admin"], cast.secrets["loner"], cast.keys["project_member_project"].secret]
    return [*made, gateway, *others, cast.keys["member_team"].secret, "sk-1234", "sk-junk", ""]


def question(chance: random.Random, secrets: list[str]) -> tuple[str, str, bytes, dict[str, str]]:
    """A method, a path, a body and headers, as one of the proxies sends them."""
    path, model = chance.choice(PATHS), chance.choice(MODELS)
    headers = {"authorization": f"Bearer {chance.choice(secrets)}"}
    if model.isascii() and chance.random() < 0.6:
        headers["x-model"] = model
    if chance.random() < 0.2:
        headers["x-completion-tokens"] = chance.choice(("10", "x", "100000"))
    body = json.dumps({"model": model, "max_tokens": 5}).encode() if chance.random() < 0.5 else b""
    proxy = chance.choice(("nginx", "traefik", "envoy"))
    if proxy == "envoy":
        return "POST", f"/gateway/ext-authz{path}", body, headers
    name = "x-original-uri" if proxy == "nginx" else "x-forwarded-uri"
    door = "/gateway/auth-request" if proxy == "nginx" else "/gateway/forward-auth"
    return "GET", door, body, {**headers, name: path}


def remember(secret: str) -> None:
    """Let memory know a key that lives. By itself it keeps nothing that was read within a transaction, as tests are."""
    try:
        evict.store(evict.digest(secret), admission.authenticate(secret), evict.generation)
    except admission.Refused:
        return


def test_memory_and_both_doors_answer_alike(cast: World, secrets: list[str]) -> None:
    chance, seen, quickly = random.Random(5), set(), set()
    client = Client()
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(ROUNDS):
            method, path, body, headers = question(chance, secrets)
            times = chance.choice((1, 1, 3))  # the third call of a minute may be one too many
            admission.forget()
            for _ in range(times):
                told = at_boundary(method, path, body, **{name.replace("-", "_"): v for name, v in headers.items()})
            admission.forget()
            for _ in range(times):
                view = client.generic(method, path, body, content_type="application/json", headers=headers)
            assert view.status_code == told.status, (path, headers, told)
            assert view.content == told.body
            for name, value in told.headers.items():
                assert name in OWN or view[name] == value, (name, path, headers)
            assert OWN & told.headers.keys() <= view.headers.keys() | {name.lower() for name in view.headers}
            admission.forget()
            remember(headers["authorization"].removeprefix("Bearer "))
            for _ in range(times):
                sent = {name.replace("-", "_"): value for name, value in headers.items()}
                quick = from_memory(method, path, body, **sent)
                at_last = quick or at_boundary(method, path, body, **sent)
            assert (at_last.status, at_last.body) == (told.status, told.body)
            assert at_last.headers.keys() == told.headers.keys()
            for name, value in told.headers.items():
                assert name in OWN or at_last.headers[name] == value, (name, path, headers)
            quickly.add(at_last.status if quick else None)
            seen.add(told.headers.get("x-rbacadmin-status", "200"))
    assert {200, 401, None} <= quickly
    assert seen == {"200", "400", "401", "403", "422", "429"}
