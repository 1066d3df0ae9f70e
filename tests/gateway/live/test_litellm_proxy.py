"""The file that a LiteLLM proxy is given, as it stands in the documentation, against the real server.

LiteLLM's two classes that it builds on are stood in for: the proxy's own dependencies are no part of this environment.
"""

import asyncio
import importlib.util
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx2
import pytest

from tests.gateway.live.conftest import DEAR, MODEL, Place
from tests.support.server import ROOT, Server, free_port

FILE = ROOT / "docs" / "gateway" / "rbacadmin_auth.py"


class ProxyException(Exception):
    def __init__(self, message: str, type: str, param: str | None, code: int, headers: dict[str, str]) -> None:
        super().__init__(message)
        self.type, self.param, self.code, self.headers = type, param, code, headers


def loaded(url: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The file, imported as a proxy imports it."""
    types, logger = ModuleType("litellm.proxy._types"), ModuleType("litellm.integrations.custom_logger")
    types.ProxyException, types.UserAPIKeyAuth = ProxyException, SimpleNamespace  # type: ignore[attr-defined]
    logger.CustomLogger = object  # type: ignore[attr-defined]
    for module in (types, logger, *map(ModuleType, ("litellm", "litellm.proxy", "litellm.integrations"))):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(sys.modules, "httpx", httpx2)
    monkeypatch.setenv("RBACADMIN_URL", url)
    monkeypatch.setenv("RBACADMIN_GATEWAY_KEY", secret)
    spec = importlib.util.spec_from_file_location("rbacadmin_auth", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def auth(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    status, made = server.ask("POST", "/key/generate", {"key_type": "gateway"})
    assert status == 200, made
    return loaded(server.url, made["key"], monkeypatch)


class Request:
    """What the file looks at of a proxy's request."""

    method = "POST"

    def __init__(self, body: dict[str, Any], path: str, named: str) -> None:
        self.body = body
        self.url = SimpleNamespace(path=path)
        self.path_params = {"model": named} if named else {}

    async def json(self) -> dict[str, Any]:
        return self.body


def call(
    auth: Any, key: str, model: str = MODEL, path: str = "/v1/chat/completions", named: str = "", **more: Any
) -> Any:
    body = {"model": model, "messages": [{"role": "user", "content": "hi"}], "max_tokens": 50, **more}
    return asyncio.run(again(auth, auth.user_api_key_auth(Request(body, path, named), f"Bearer {key}")))


async def again(auth: Any, work: Any) -> Any:
    """Each test's call has an event loop of its own, and so needs connections of its own."""
    auth.rbacadmin = httpx2.AsyncClient(base_url=auth.rbacadmin.base_url, headers=auth.rbacadmin.headers, timeout=20)
    async with auth.rbacadmin:
        return await work


def refused(auth: Any, *given: Any, **more: Any) -> ProxyException:
    with pytest.raises(ProxyException) as caught:
        call(auth, *given, **more)
    return caught.value


def test_a_call_is_admitted_with_whose_it_is_and_its_usage_is_spent(place: Place, auth: Any) -> None:
    key = place.key()
    admitted = call(auth, key)
    assert (admitted.team_id, admitted.org_id) == (place.team, place.organization)
    now = datetime.now(UTC)
    kwargs = {"model": MODEL, "litellm_params": {"metadata": {"user_api_key_metadata": admitted.metadata}}}
    answer = SimpleNamespace(usage=SimpleNamespace(prompt_tokens=1000, completion_tokens=500))
    asyncio.run(again(auth, auth.usage.async_log_success_event(kwargs, answer, now, now)))
    info = place.server.ask("GET", f"/key/info?key={key}")[1]["info"]
    assert info["spend"] == 0.0015


def test_refusals_have_the_status_and_the_words_of_the_dialect(place: Place, auth: Any) -> None:
    assert refused(auth, "sk-junk").code == 401
    assert refused(auth, place.key(), DEAR).code == 403
    spent = refused(auth, place.key(max_budget=0))
    assert (spent.code, spent.type) == (422, "budget_exceeded")
    slow = refused(auth, place.key(rpm_limit=0))
    assert slow.code == 429
    assert int(slow.headers["retry-after"]) > 0


def test_a_call_without_a_model_is_refused(place: Place, auth: Any) -> None:
    assert refused(auth, place.key(), "").code == 400


def test_no_other_model_is_called_than_the_one_that_is_admitted(place: Place, auth: Any) -> None:
    """LiteLLM takes the model of the path before the body's, and falls back to what a body names."""
    key, path = place.key(), f"/openai/deployments/{DEAR}/chat/completions"
    assert refused(auth, key, path=path, named=DEAR).code == 400
    assert refused(auth, key, DEAR, path=path, named=DEAR).code == 403
    assert call(auth, key, path=f"/engines/{MODEL}/chat/completions", named=MODEL).team_id == place.team
    for name in ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks"):
        assert refused(auth, key, **{name: [DEAR]}).code == 400


def test_the_proxys_own_management_is_no_call_of_a_model(place: Place, auth: Any) -> None:
    for path in ("/key/generate", "/model/new", "/config/update", "/v1/chat/completions/../../key/generate"):
        assert refused(auth, place.key(), path=path).code == 403, path


def test_while_rbacadmin_is_away_nobody_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    away = loaded(f"http://127.0.0.1:{free_port()}", "sk-g", monkeypatch)
    assert refused(away, "sk-any").code == 503
