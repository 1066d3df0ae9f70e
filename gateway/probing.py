"""A test call: does this model answer, with the address and the credential that are stored?"""

import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from gateway import upstream
from gateway.catalog import require_managing
from gateway.models import CatalogModel
from rbacadmin import audit
from rbacadmin.policy import Actor

PATIENCE = 20.0  # seconds; whoever asks waits for it
WORD = "ping"
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "embedding": ("/embeddings", {"input": WORD}),
    "completion": ("/completions", {"prompt": WORD, "max_tokens": 5}),
    "chat": ("/chat/completions", {"messages": [{"role": "user", "content": WORD}], "max_tokens": 5}),
}


@dataclass(frozen=True)
class Probe:
    """How a test call went: `failure` says why there was no answer, else the tokens that it took are there."""

    milliseconds: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    failure: str = ""


def probe_model(actor: Actor, model: CatalogModel) -> Probe:
    """Call the model once, with a few tokens that its provider charges. Raises PermissionDenied.

    No service, because a transaction must not wait for a provider. Only the record of the call is written.
    """
    require_managing(actor, model.team, model)
    route, body = BODIES.get(str(model.info.get("mode")), BODIES["chat"])
    began = time.monotonic()
    try:
        target = upstream.target_of(model, model.name.removesuffix("*"))
        answer = upstream.complete(target, route, {"model": model.name, **body}, patience=PATIENCE)
    except upstream.UpstreamFailure as failure:
        found = Probe(passed(began), failure=failure.message)
    else:
        usage = upstream.usage_in(answer) or upstream.estimated(body, upstream.spoken(answer))
        found = Probe(passed(began), usage.prompt, usage.completion)
    with transaction.atomic():
        audit.record(actor, "model.tested", model, answered=not found.failure, milliseconds=found.milliseconds)
    return found


def passed(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
