"""The context of a request: what its headers narrow, and what a key that lives somewhere is told of it."""

from typing import Any

import pytest

from gateway.models import CatalogModel
from tests.factories import KeyFactory, join
from tests.llmariner.conftest import Call
from tests.world import World

pytestmark = pytest.mark.sqlite


@pytest.fixture
def catalog(cast: World) -> None:
    """Models of the platform, the organization, both projects and a team. One project takes two of them."""
    CatalogModel.objects.all().delete()
    here: dict[str, Any] = {"organization": cast.organization}
    for scope, models in ((cast.organization, None), (cast.project, ["plain", "shared"])):
        scope.models = models
        scope.save()
    for name, owner in (
        ("plain", {}),
        ("large", {}),
        ("shared", here),
        ("tuned", {**here, "project": cast.project}),
        ("theirs", {**here, "project": cast.other_project}),
        ("teams", {**here, "team": cast.team}),
        ("foreign", {"organization": cast.there.organization, "project": cast.there.project}),
    ):
        CatalogModel.objects.create(name=name, **owner)


@pytest.fixture
def listed(call: Call, cast: World, catalog: None) -> Any:
    """`listed("org_admin", project=...)`: what is listed there, or the status of a refusal."""

    def ask(name: str = "", *, token: str = "", **context: Any) -> Any:
        headers = {f"Openai_{kind.capitalize()}": scope.prefixed_id for kind, scope in context.items()}
        status, told = call("GET", "/v1/models", as_=name, token=token, **headers)
        return {row["id"] for row in told["data"]} if status == 200 else status

    return ask


@pytest.mark.parametrize("name", ["project_member", "project_owner", "org_admin", "proxy_admin", "master"])
def test_in_a_project_are_its_models_and_those_that_its_lists_cover(listed: Any, cast: World, name: str) -> None:
    assert listed(name, project=cast.project) == {"plain", "shared", "tuned"}
    assert listed(name, organization=cast.organization, project=cast.project) == {"plain", "shared", "tuned"}
    assert {"large", "tuned"} <= listed(name), "without a context everything that one may use"


def test_in_an_organization_are_the_platforms_and_its_own(listed: Any, cast: World) -> None:
    assert listed("org_admin", organization=cast.organization) == {"plain", "large", "shared"}
    cast.organization.models = ["plain"]
    cast.organization.save()
    assert listed("org_admin", organization=cast.organization) == {"plain", "shared"}


def test_a_context_that_one_does_not_see_is_not_found(listed: Any, cast: World) -> None:
    assert listed("reader", project=cast.project) == 404
    assert listed("org_admin", project=cast.there.project) == 404
    assert listed("org_admin", organization=cast.there.organization) == 404
    assert listed("org_admin", organization=cast.there.organization, project=cast.project) == 404


def test_a_key_that_lives_somewhere_stays_there(listed: Any, cast: World) -> None:
    """Its own place comes first, whatever the headers say (rulebook 18)."""
    bound = cast.keys["project_owner_project"].secret
    assert listed(token=bound, project=cast.other_project) == listed(token=bound) == {"plain", "shared", "tuned"}
    held = KeyFactory(user=cast.project_owner, organization=cast.organization, models=["plain"])
    assert listed(token=held.secret, organization=cast.there.organization) == {"plain"}
    assert listed(token=held.secret, project=cast.project) == {"plain"}, "within its organization it is narrowed"


def test_one_model_is_found_in_its_context_only(call: Call, cast: World, catalog: None) -> None:
    def status(model: str, project: Any) -> int:
        return int(call("GET", f"/v1/models/{model}", as_="org_admin", Openai_Project=project.prefixed_id)[0])

    assert [status("tuned", cast.project), status("tuned", cast.other_project)] == [200, 404]
    assert [status("large", cast.project), status("large", cast.other_project)] == [404, 200]


def test_the_headers_are_no_parameters(call: Call, cast: World, catalog: None) -> None:
    found = call("GET", f"/v1/models?openai_project={cast.project.prefixed_id}", as_="org_admin")[1]["data"]
    assert "large" in {row["id"] for row in found}


def test_a_key_of_a_project_is_told_its_organization_and_no_other(call: Call, cast: World) -> None:
    """So that clients can show the context of the key; what else is in the organization stays out of its reach."""
    join(cast.project_owner, cast.there.organization, "internal_user")
    bound = cast.keys["project_owner_project"].secret
    told = call("GET", "/v1/organizations?include_summary=true", token=bound)[1]["organizations"]
    assert [(row["title"], row["created_at"]) for row in told] == [(cast.organization.alias, "0")]
    assert told[0]["summary"] == {"project_count": 1, "user_count": 0}
    inside = call("GET", f"/v1/organizations/{told[0]['id']}/projects", token=bound)[1]["projects"]
    assert [row["title"] for row in inside] == [cast.project.alias]
    assert call("GET", f"/v1/organizations/{told[0]['id']}/users", token=bound)[0] == 403
    service = KeyFactory(kind="service", user=None, project=cast.project, organization=cast.organization)
    assert call("GET", "/v1/organizations", token=service.secret) == (200, {"organizations": []})
