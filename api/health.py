"""Is it alive, is it ready, what can be called? The first two need no key."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from pydantic import RootModel
from rest_framework.response import Response as HttpResponse

from api.litellm.route import DETAIL, ERROR, GET, Route
from api.types import Nothing, Response
from gateway import sharing
from gateway.models import CatalogModel
from rbacadmin import policy
from rbacadmin.policy import Action, Actor

NESTED = 1000


class Alive(RootModel[str]):
    """A sign of life."""


class Readiness(Response):
    status: str
    db: str
    litellm_version: str
    limits: str


class Health(Response):
    healthy_endpoints: list[dict[str, Any]]
    unhealthy_endpoints: list[dict[str, Any]]
    healthy_count: int
    unhealthy_count: int


def live(_actor: Actor, _body: Nothing) -> str:
    """The process answers."""
    return "I'm alive!"


def ready(_actor: Actor, _body: Nothing) -> HttpResponse:
    """200 when the database answers, 503 when it does not."""
    told = {"litellm_version": settings.SPECTACULAR_SETTINGS["VERSION"], "limits": sharing.mode()}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse({"status": "unhealthy", "db": "disconnected", **told}, status=503)
    return HttpResponse({"status": "healthy", "db": "connected", **told})


def models(actor: Actor, _body: Nothing) -> dict[str, Any]:
    """The models that the caller may use: those that are served, and those that are blocked."""
    seen = policy.visible(actor, Action.VIEW_MODELS, CatalogModel.objects.order_by("name", "pk"))[:NESTED]
    found: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for model in seen:
        found[not model.blocked].append({"model": model.name, "model_id": model.public_id})
    return {
        "healthy_endpoints": found[True],
        "unhealthy_endpoints": found[False],
        "healthy_count": len(found[True]),
        "unhealthy_count": len(found[False]),
    }


# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("/health/liveliness", GET, None, Nothing, Alive, live, DETAIL,
          "The process answers", public=True),
    Route("/health/liveness", GET, None, Nothing, Alive, live, DETAIL,
          "The process answers", public=True),
    Route("/health/readiness", GET, None, Nothing, Readiness, ready, DETAIL,
          "200 when the database answers, else 503", public=True),
    Route("/health", GET, Action.VIEW_MODELS, Nothing, Health, models, ERROR,
          "The models that you may use"),
)
# fmt: on
