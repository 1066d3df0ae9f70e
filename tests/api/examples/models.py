"""Examples for /model/* and /models."""

from typing import Any

READS: dict[str, str] = {
    "/models": "?include_model_access_groups=true&return_wildcard_routes=true",
    "/v2/model/info": "?search=gpt&sortBy=created_at&sortOrder=desc",
}
PARAMS = {"model": "openai/gpt-4o", "api_base": "https://llm.example.com/v1", "api_key": "a provider's"}

WRITES: dict[str, dict[str, Any]] = {
    "/model/new": {"model_name": "own-gpt", "litellm_params": PARAMS, "model_info": {"team_id": "{team}"}},
    "/model/update": {"id": "{model}", "litellm_params": {"rpm": 5, "input_cost_per_token": 2.5e-06}},
    "/model/{model_id}/update": {"model_info": {"mode": "chat"}},
    "/model/delete": {"id": "{model}"},
    "/model/block": {"model_id": "{model}"},
    "/model/unblock": {"model_id": "{model}"},
}
