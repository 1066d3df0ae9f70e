"""The shipped nginx configuration, in a real nginx, in front of something, asking the real server."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.gateway.live.conftest import DEAR, MODEL, Place
from tests.support import programs
from tests.support.nginx import mirror, nginx
from tests.support.server import ROOT, Server, free_port

SHIPPED = ROOT / "docs" / "gateway" / "nginx.conf"
CHAT = "/v1/chat/completions"


class Heard(NamedTuple):
    status: int
    headers: dict[str, str]
    answer: Any


Call = Callable[..., Heard]


def adapted(server: Server, upstream: int, port: int) -> str:
    """The shipped file with the three addresses changed that it says to change, and nothing else."""
    text = SHIPPED.read_text()
    changes = {
        "server 127.0.0.1:8000;": f"server {server.url.removeprefix('http://')};",
        "server 127.0.0.1:4000;": f"server 127.0.0.1:{upstream};",
        "listen 8080;": f"listen 127.0.0.1:{port};",
    }
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def call(
    server: Server, program: Callable[[str], programs.Program], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Call]:
    """`call(key, model)`: a client's call through nginx."""
    program("nginx")
    port, folder = free_port(), tmp_path_factory.mktemp("nginx")

    def ask(key: str = "", model: str = MODEL, path: str = CHAT, method: str = "POST", **headers: str) -> Heard:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            named["authorization"] = f"Bearer {key}"
        if model:
            named["x-model"] = model
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request(method, path, b"{}" if method == "POST" else None, named)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return Heard(answer.status, {k.lower(): v for k, v in answer.getheaders()}, json.loads(body))

    with mirror() as upstream, nginx(adapted(server, upstream, port), folder, port):
        yield ask


def test_an_admitted_call_reaches_the_upstream_with_what_rbacadmin_says(place: Place, call: Call) -> None:
    key = place.key()
    heard = call(key, path=f"{CHAT}?stream=true")
    assert heard.status == 200
    assert heard.answer["path"] == f"{CHAT}?stream=true"
    sent = heard.answer["headers"]
    assert sent["x-rbacadmin-team-id"] == place.team
    assert sent["x-rbacadmin-organization-id"] == place.organization
    assert sent["x-rbacadmin-model"] == sent["x-model"] == MODEL
    assert sent["x-request-id"] == heard.headers["x-request-id"]
    assert key not in json.dumps(sent)


def test_what_a_caller_says_of_themselves_never_gets_through(place: Place, call: Call) -> None:
    forged = {
        f"x_rbacadmin_{name}_id": "forged" for name in ("key", "user", "team", "project", "organization", "request")
    }
    heard = call(place.key(), x_request_id="forged-request", x_rbacadmin_model=DEAR, **forged)
    assert heard.status == 200
    assert "forged" not in json.dumps(heard.answer)
    assert DEAR not in json.dumps(heard.answer)


def test_nobody_chooses_how_little_their_call_is_estimated_at(place: Place, call: Call) -> None:
    key = place.key(tpm_limit=1500)  # less than the estimate of 2,000 tokens: one call passes, alone
    assert call(key, x_prompt_tokens="0", x_completion_tokens="0").status == 200
    assert call(key, x_prompt_tokens="0", x_completion_tokens="0").status == 429


def test_a_missing_or_unknown_key_is_401(call: Call) -> None:
    for key in ("", "sk-junk"):
        heard = call(key)
        assert heard.status == 401
        assert heard.answer["error"]["code"] == "401"
        assert "Authentication Error" in heard.answer["error"]["message"]


def test_a_model_out_of_reach_is_403(place: Place, call: Call) -> None:
    heard = call(place.key(), DEAR)
    assert heard.status == 403
    assert heard.answer["error"]["type"] == "org_model_access_denied"
    assert "not allowed to access model" in heard.answer["error"]["message"]
    assert heard.headers["x-rbacadmin-level"] == "organization"


def test_a_call_without_a_model_is_400(place: Place, call: Call) -> None:
    heard = call(place.key(), "")
    assert heard.status == 400
    assert "model" in heard.answer["error"]["message"]


def test_a_budget_that_is_spent_is_422(place: Place, call: Call) -> None:
    heard = call(place.key(max_budget=0))
    assert heard.status == 422
    assert heard.answer["error"]["type"] == "budget_exceeded"
    assert heard.answer["error"]["message"] == "Budget has been exceeded! It is the budget of the key."
    assert heard.headers["x-rbacadmin-level"] == "key"


def test_too_many_calls_are_429_with_when_to_come_back(place: Place, call: Call) -> None:
    key = place.key(rpm_limit=2)
    first = call(key)
    assert (first.status, first.headers["x-ratelimit-remaining-requests"]) == (200, "1")
    assert call(key).status == 200
    heard = call(key)
    assert heard.status == 429
    assert heard.answer["error"]["message"].startswith("Rate limit exceeded")
    assert 1 <= int(heard.headers["retry-after"]) <= 120
    assert heard.headers["x-ratelimit-remaining-requests"] == "0"


def test_a_static_page_is_protected_alike(place: Place, call: Call) -> None:
    assert call(place.key(), path="/index.html", method="GET").status == 200
    assert call(path="/index.html", method="GET").status == 401


def test_models_are_listed_and_a_deployments_path_names_its_model(place: Place, call: Call) -> None:
    key = place.key()
    assert call(key, "", path="/v1/models", method="GET").status == 200
    assert call(key, "", path=f"/openai/deployments/{MODEL}/chat/completions").status == 200
    assert call(key, "", path=f"/openai/deployments/{DEAR}/chat/completions").status == 403


def test_a_revoked_key_is_refused_at_once(place: Place, call: Call) -> None:
    key = place.key()
    assert call(key).status == 200
    assert place.server.ask("POST", "/key/block", {"key": key})[0] == 200
    assert call(key).status == 401


def test_a_server_that_is_away_lets_nobody_pass(
    program: Callable[[str], programs.Program], tmp_path: Path, server: Server
) -> None:
    program("nginx")
    port = free_port()
    with (
        mirror() as upstream,
        nginx(adapted(Server(f"http://127.0.0.1:{free_port()}"), upstream, port), tmp_path, port),
    ):
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", CHAT, headers={"x-model": MODEL})
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("retry-after")) == (503, "1")
        assert json.loads(answer.read())["error"]["code"] == "503"
