"""Forward auth: which addresses of an upstream a key reaches."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.admission.decide import flying
from keys.models import Key
from tests.factories import KeyFactory
from tests.gateway.doors.conftest import Told, at_boundary
from tests.world import World

Ask = Callable[..., Told]


def held_to(cast: World, routes: list[str]) -> Key:
    made: Key = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, allowed_routes=routes)
    return made


def test_models_are_listed_without_naming_one(cast: World, nginx: Ask) -> None:
    told = nginx(cast.keys["member_team"].secret, "/v1/models")
    assert (told.status, told.headers["content-length"]) == (200, "0")
    held = held_to(cast, ["/v1/completions"])
    assert nginx(held.secret, "/v1/models").headers["x-rbacadmin-status"] == "403"
    assert nginx(cast.secrets["loner"], "/v1/models").headers["x-rbacadmin-status"] == "403"


def test_a_key_is_held_to_its_routes_whatever_shape_the_address_has(cast: World, nginx: Ask) -> None:
    key = held_to(cast, ["/v1/embeddings"])
    assert nginx(key.secret, "/openai/deployments/gpt-4o/embeddings").status == 200
    assert nginx(key.secret, "/openai/deployments/gpt-4o/chat/completions").headers["x-rbacadmin-status"] == "403"


@pytest.mark.parametrize(
    "uri",
    [
        "/key/generate",
        "/v1/files",
        "/model/new",
        "/v1/batches",
        "/admin",
        "/admin.html/x",
        "/v1/chat/completions/x",
        "/v1/modelsx",
    ],
)
def test_a_key_that_is_held_to_no_routes_calls_models_and_nothing_else(
    cast: World, nginx: Ask, settings: Any, uri: str
) -> None:
    """With `X-Model` beside it, any address of the upstream looked like a call."""
    key = cast.keys["member_team"]
    told = nginx(key.secret, uri, x_model="gpt-4o")
    assert (told.status, told.headers["x-rbacadmin-level"]) == (403, "route")
    assert not flying
    assert nginx(held_to(cast, [uri]).secret, uri, x_model="gpt-4o").status == 200, "a list may name it"
    settings.MODEL_ROUTES = [f"{uri}*"]
    assert nginx(key.secret, uri, x_model="gpt-4o").status == 200, "so may the platform"


@pytest.mark.parametrize("uri", ["/", "/index.html", "/guide/first-steps.html"])
def test_the_pages_of_a_static_site_are_protected_like_calls(cast: World, nginx: Ask, uri: str) -> None:
    assert nginx(cast.keys["member_team"].secret, uri, x_model="gpt-4o").status == 200
    assert nginx(cast.keys["member_team"].secret, uri, x_model="o3").status == 403


def test_what_an_upstream_keeps_is_not_changed_through_a_call(cast: World, nginx: Ask) -> None:
    secret = cast.keys["member_team"].secret
    for method, status in (("DELETE", 403), ("PUT", 403), ("PATCH", 403), ("GET", 200), ("POST", 200)):
        assert nginx(secret, "/v1/models/gpt-4o", x_original_method=method).status == status
    envoy = "/gateway/ext-authz/v1/models/gpt-4o"
    assert at_boundary("DELETE", envoy, authorization=f"Bearer {secret}").status == 403
    held = held_to(cast, ["/v1/models*"]).secret
    assert nginx(held, "/v1/models/gpt-4o", x_original_method="DELETE").status == 200
