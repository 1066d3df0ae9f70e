"""rbacadmin decides for a LiteLLM proxy: who may call which model, within which budgets and limits.

Put this file beside the proxy's config.yaml and name it there:

    general_settings:
      custom_auth: rbacadmin_auth.user_api_key_auth
    litellm_settings:
      callbacks: rbacadmin_auth.usage

RBACADMIN_URL is where rbacadmin answers; RBACADMIN_GATEWAY_KEY is the gateway's own credential.
"""

import os

import httpx
from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy._types import ProxyException, UserAPIKeyAuth

rbacadmin = httpx.AsyncClient(
    base_url=os.environ["RBACADMIN_URL"],
    headers={"Authorization": f"Bearer {os.environ['RBACADMIN_GATEWAY_KEY']}"},
    timeout=5,
)
AWAY = {"message": "Access cannot be decided at the moment; try again.", "type": "service_unavailable", "code": "503"}
COMPLETION_TOKENS = 1000  # reserved for calls that name no maximum
NOT_CALLS = ("/models", "/v1/models")
# What calls models. Everything else is the proxy's own management: its master key opens that, and no key of rbacadmin.
CALLS = (
    *("/chat/completions", "/completions", "/embeddings", "/responses", "/messages", "/moderations", "/rerank"),
    *("/images/generations", "/audio/speech"),
)
# With these in the body the proxy would call models that nobody was asked about.
OTHER_MODELS = ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks")


async def user_api_key_auth(request, api_key):
    """Who calls, as LiteLLM wants it; the call has begun when this returns. Raises ProxyException."""
    token = api_key.removeprefix("Bearer ").strip()
    route = request.url.path
    if request.method == "GET" and route in NOT_CALLS:
        return UserAPIKeyAuth(api_key=token)
    if request.method != "POST" or not route.endswith(CALLS):
        raise refusal({"message": "This calls no model.", "type": "auth_error", "code": "403"})
    body = await request.json()
    named = request.path_params.get("model") or body.get("model")  # the proxy takes the path's before the body's
    if named != body.get("model", named) or any(body.get(name) for name in OTHER_MODELS):
        raise refusal({"message": "The call names two models.", "type": "bad_request_error", "code": "400"})
    body["model"] = named
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise refusal({"message": "The call names no model.", "type": "bad_request_error", "code": "400"})
    most = body.get("max_completion_tokens") or body.get("max_tokens") or COMPLETION_TOKENS
    question = {
        "jwt" if token.startswith("ey") else "key": token,
        "model": body["model"],
        "route": route,
        "estimate": {"prompt_tokens": len(str(body)) // 2, "completion_tokens": most * (body.get("n") or 1)},
        "reserve": True,
    }
    try:
        answer = await rbacadmin.post("/gateway/check", json=question)
        told = answer.json()
    except (httpx.HTTPError, ValueError):
        raise refusal(AWAY) from None
    if answer.status_code != 200:  # of the gateway's own credential: no mistake of the caller
        raise refusal(AWAY)
    if not told["allowed"]:
        raise refusal(told["error"], told["headers"])
    whose = {name.removeprefix("x-rbacadmin-"): value for name, value in told["headers"].items()}
    return UserAPIKeyAuth(
        api_key=token,
        user_id=whose.get("user-id"),
        team_id=whose.get("team-id"),
        org_id=whose.get("organization-id"),
        metadata={"rbacadmin_request_id": told["request_id"], "rbacadmin_key_id": whose.get("key-id")},
    )


def refusal(error, headers=None):
    return ProxyException(
        message=error["message"],
        type=error["type"],
        param=error.get("param"),
        code=int(error["code"]),
        headers=headers or {},
    )


class Usage(CustomLogger):
    """Reports what calls used, under the ids that they began with."""

    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        used = getattr(response_obj, "usage", None)
        await self.report(kwargs, "success", used, start_time, end_time)

    async def async_log_failure_event(self, kwargs, response_obj, start_time, end_time):
        await self.report(kwargs, "failure", None, start_time, end_time)

    async def report(self, kwargs, status, used, start_time, end_time):
        metadata = (kwargs.get("litellm_params") or {}).get("metadata") or {}
        known = metadata.get("user_api_key_metadata") or {}
        if not known.get("rbacadmin_request_id"):
            return
        event = {
            "request_id": known["rbacadmin_request_id"],
            "key": known.get("rbacadmin_key_id"),
            "model": metadata.get("model_group") or kwargs.get("model"),
            "prompt_tokens": getattr(used, "prompt_tokens", 0) or 0,
            "completion_tokens": getattr(used, "completion_tokens", 0) or 0,
            "status": status,
            "started_at": start_time.astimezone().isoformat(),
            "ended_at": end_time.astimezone().isoformat(),
        }
        await rbacadmin.post("/gateway/usage", json={"events": [event]})


usage = Usage()
