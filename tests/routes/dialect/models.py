"""Rows of /model/*, /models and /model_group/*."""

from tests.routes.rule import READS, UPDATES, Rule, at, dialect

ROWS: dict[str, Rule] = {
    "model/new": dialect(422, "POST"),
    "model/update": dialect(400, *UPDATES),
    "model/<str:model_id>/update": at("/model/none/update", dialect(404, "PATCH", "POST")),
    "model/delete": dialect(422, "POST", "DELETE"),
    "model/block": dialect(422, "POST"),
    "model/unblock": dialect(422, "POST"),
    "model/info": dialect(200, "GET"),
    "v1/model/info": dialect(200, "GET"),
    "v2/model/info": dialect(200, *READS),
    "model_group/info": dialect(200, "GET"),
    "models": dialect(200, "GET"),
    "v1/models": dialect(200, "GET"),
    "models/<path:model_id>": at("/models/openai/none", dialect(404, "GET")),
    "v1/models/<path:model_id>": at("/v1/models/openai/none", dialect(404, "GET")),
}
