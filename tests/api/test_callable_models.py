"""The list of models is what admission would let through, key by key."""

from typing import Any

import pytest

from gateway import admission
from gateway.models import CatalogModel
from tests.factories import KeyFactory
from tests.world import World

pytestmark = pytest.mark.sqlite


@pytest.fixture
def keys(cast: World) -> dict[str, Any]:
    """Keys in several places, over a catalog with models of every owner."""
    admission.forget()
    cast.organization.models = ["plain", "grouped", "open/*", "blocked"]
    cast.organization.save()
    cast.team.models = ["plain", "open/*", "blocked"]
    cast.team.model_aliases = {"ours": "plain"}
    cast.team.save()
    for name in ("plain", "grouped", "open/*", "other", "blocked"):
        CatalogModel.objects.create(name=name, blocked=name == "blocked", params={"model": "mock/echo"})
    here = {"organization": cast.organization}
    CatalogModel.objects.create(name="brought", team=cast.team, params={"model": "mock/echo"}, **here)
    CatalogModel.objects.create(name="plain", team=cast.team, params={"model": "mock/lorem"}, **here)
    CatalogModel.objects.create(name="projects", project=cast.project, params={"model": "mock/echo"}, **here)
    return {
        "team": KeyFactory(user=cast.member, team=cast.team, **here),
        "narrow": KeyFactory(user=cast.member, team=cast.team, models=["plain"], **here),
        "project": KeyFactory(user=cast.project_member, project=cast.project, **here),
    }


@pytest.mark.parametrize("name", ["team", "narrow", "project"])
def test_what_is_listed_can_be_called_and_nothing_else(api: Any, keys: dict[str, Any], name: str) -> None:
    secret = keys[name].secret
    listed = {row["id"] for row in api("GET", "/v1/models?return_wildcard_routes=true", token=secret).json()["data"]}
    caller = admission.authenticate(secret)
    can = set()
    for model in {row.name for row in CatalogModel.objects.all()}:
        verdict = admission.question(caller, model=model.replace("*", "x"), route="/v1/chat/completions")
        can |= {model} if verdict.allowed else set()
    assert listed == can
    assert can


def test_a_teams_own_model_and_its_aliases_come_first(api: Any, keys: dict[str, Any]) -> None:
    body = {"model": "ours", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 3}
    said = api("POST", "/chat/completions", body, token=keys["team"].secret).json()
    assert said["choices"][0]["message"]["content"] != "You said: Hi"  # the team's `plain` talks by itself
    assert said["model"] == "ours"


def test_a_wildcard_hands_on_what_stands_in_the_place_of_its_star(api: Any, keys: dict[str, Any]) -> None:
    body = {"model": "open/anything", "messages": [{"role": "user", "content": "Hi"}]}
    assert api("POST", "/chat/completions", body, token=keys["team"].secret).json()["model"] == "open/anything"
