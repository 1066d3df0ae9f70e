"""LiteLLM's app with one route behind its own authentication, for the peer's environment: `uvicorn litellm_app:app`.

Nothing of LiteLLM is changed. Its database engine is left out: the key, its team, its owner and the membership stand in
the cache under the names that its own code uses, so what is measured is its warm path, at its best.
"""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
os.environ.setdefault("LITELLM_LOG", "ERROR")
os.environ.setdefault("DISABLE_SCHEMA_UPDATE", "true")
CONFIG = {
    "model_list": [{"model_name": "bench", "litellm_params": {"model": "openai/bench", "api_key": "x"}}],
    "general_settings": {"master_key": "sk-master-of-the-bench"},
    "litellm_settings": {"num_retries": 0, "callbacks": [], "telemetry": False},
}
config = Path(tempfile.mkdtemp()) / "config.yaml"
config.write_text(json.dumps(CONFIG))
os.environ["CONFIG_FILE_PATH"] = str(config)

import litellm.proxy.proxy_server as server  # noqa: E402  (reads the environment when it is imported)
from fastapi import Depends  # noqa: E402
from litellm.proxy._types import (  # noqa: E402
    LiteLLM_TeamMembership,
    LiteLLM_TeamTableCachedObj,
    LiteLLM_UserTable,
    UserAPIKeyAuth,
    hash_token,
)
from litellm.proxy.auth.user_api_key_auth import user_api_key_auth  # noqa: E402

MUCH: dict[str, Any] = {"max_budget": 1e9, "spend": 1.0, "models": ["bench"]}
RATES = {"rpm_limit": 10**9, "tpm_limit": 10**12}


class Absent:
    """A database that has nothing: whatever is called gives no row."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def __getattr__(self, name: str) -> "Absent":
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(name)

    async def __call__(self, *_given: Any, **_named: Any) -> Any:
        return [] if "many" in self.name else None


async def warm() -> None:
    """Put the key and what belongs to it where LiteLLM would have put them after the first call."""
    cache, fresh = server.user_api_key_cache, time.time() + 1e6
    server.prisma_client = Absent()
    token = hash_token(os.environ["BENCH_SECRET"])
    team = {"team_max_budget": 1e9, "team_spend": 1.0, "team_models": ["bench"]}
    key = UserAPIKeyAuth(
        token=token, key_name="sk-...", user_id="u", team_id="t", last_refreshed_at=fresh, **MUCH, **RATES, **team
    )
    await cache.async_set_cache(token, key, ttl=3600, model_type=UserAPIKeyAuth)
    row = LiteLLM_TeamTableCachedObj(team_id="t", last_refreshed_at=fresh, **MUCH)
    await cache.async_set_cache("team_id:t", row, ttl=3600, model_type=LiteLLM_TeamTableCachedObj)
    user = LiteLLM_UserTable(user_id="u", max_budget=1e9, spend=1.0, models=[], user_role="internal_user")
    await cache.async_set_cache("u", user, ttl=3600, model_type=LiteLLM_UserTable)
    member = LiteLLM_TeamMembership(user_id="u", team_id="t", budget_id=None, spend=0.0, litellm_budget_table=None)
    for name in ("t_u", "team_membership:u:t"):
        await cache.async_set_cache(name, member, ttl=3600, model_type=LiteLLM_TeamMembership)


async def authenticated(_caller: Annotated[Any, Depends(user_api_key_auth)]) -> dict[str, bool]:
    return {"ok": True}


server.app.add_api_route("/v1/embeddings", authenticated, methods=["POST"])
server.app.router.routes.insert(0, server.app.router.routes.pop())
warmed = False


async def app(scope: Any, receive: Any, send: Any) -> None:
    """`/bench` is LiteLLM's route for embeddings with a handler that does nothing: it authenticates that as a call."""
    global warmed
    if scope["type"] == "http":
        if not warmed:
            warmed = True
            await warm()
        if scope["path"] == "/bench":
            scope = {**scope, "path": "/v1/embeddings", "raw_path": b"/v1/embeddings"}
    await server.app(scope, receive, send)
