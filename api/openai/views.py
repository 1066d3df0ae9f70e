"""Calls of models in OpenAI's protocol: admit, forward, meter, settle. Bearer only, so nothing can be forged."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt

from api.auth import bearer_of
from api.openai import bodies, refusing
from api.openai.calling import Running
from gateway import admission, upstream


@csrf_exempt
@login_not_required
def chat_completions(request: HttpRequest) -> HttpResponseBase:
    """POST /v1/chat/completions"""
    return answered(request, "/chat/completions")


@csrf_exempt
@login_not_required
def completions(request: HttpRequest) -> HttpResponseBase:
    """POST /v1/completions"""
    return answered(request, "/completions")


@csrf_exempt
@login_not_required
def embeddings(request: HttpRequest) -> HttpResponseBase:
    """POST /v1/embeddings"""
    return answered(request, "/embeddings")


def answered(request: HttpRequest, route: str) -> HttpResponseBase:
    """The answer to a call, or why there is none."""
    try:
        response = call(request, route)
    except DatabaseError:
        raise  # the middleware says that the database is away
    except Exception as error:
        response = refusing.answer(request, error)
    response["Cache-Control"] = "no-store"
    return response


def call(request: HttpRequest, route: str) -> HttpResponseBase:
    """Admit, forward, answer. Raises what `refusing` knows."""
    if request.method != "POST":
        raise refusing.Problem(405, "Calls of models are POST.", headers=[("Allow", "POST")])
    caller = admission.authenticate(bearer_of(request.headers), team=request.headers.get("x-litellm-team-id", "")[:255])
    asked = bodies.read(request, route)
    with Running.begin(caller, asked, request.path_info) as running:
        release_connections()
        target = upstream.target_of(running.deployment, running.deployment.called)
        if asked.streams:
            events = upstream.stream(target, route, asked.body)
            response: HttpResponseBase = StreamingHttpResponse(
                running.metered(events), content_type="text/event-stream; charset=utf-8"
            )
            response["X-Accel-Buffering"] = "no"
        else:
            answer = upstream.complete(target, route, asked.body)
            cost = running.settle_answer(answer)
            response = JsonResponse(shown(answer, asked.model))
            response["x-litellm-response-cost"] = cost
    for name, value in running.headers:
        response[name] = value
    return response


def shown(answer: dict[str, Any], model: str) -> dict[str, Any]:
    """The answer under the name that was called: what the provider calls it, only the model's owner may read."""
    return {**answer, "model": model} if "model" in answer else answer


def release_connections() -> None:
    """Give the database back: a provider may take minutes, and there are fewer connections than threads."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
