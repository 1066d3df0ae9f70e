"""LiteLLM's three special names in a list of models."""

from typing import Any

import pytest

from keys.models import Key
from teams.models import Team
from tests.factories import KeyFactory


@pytest.mark.parametrize("words", [["all-proxy-models"], ["all-team-models"], ["gpt-4", "all-proxy-models"]])
def test_all_means_what_the_level_above_allows(api: Any, cast: Any, words: list[str]) -> None:
    """Rulebook 14: never everything under a capped parent, so an empty list says the same."""
    body = {"team_alias": "open", "organization_id": cast.organization.public_id, "models": words}
    assert api("POST", "/team/new", body, as_="org_admin").json()["models"] == []
    key = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, models=["gpt-4"])
    body = {"key": key.token, "models": words}
    assert api("POST", "/key/update", body, as_="team_admin").json()["models"] == []
    assert Key.objects.get(pk=key.pk).models == []


def test_all_is_more_than_some(api: Any, cast: Any) -> None:
    """KEY-13: members with `/key/update` narrow keys, they do not widen them."""
    key = KeyFactory(user=cast.granted, team=cast.granted_team, organization=cast.organization, models=["gpt-4"])
    body = {"key": key.token, "models": ["all-team-models"]}
    assert api("POST", "/key/update", body, as_="granted").status_code == 403


def test_none_is_kept_fits_everywhere_and_is_left_by_widening_only(api: Any, cast: Any) -> None:
    """`no-default-models` names no model, so it allows none and stands below every cap."""
    key = KeyFactory(user=cast.granted, team=cast.granted_team, organization=cast.organization)
    body = {"key": key.token, "models": ["no-default-models"]}
    assert api("POST", "/key/update", body, as_="granted").json()["models"] == ["no-default-models"]
    for models in (["gpt-4"], []):
        assert api("POST", "/key/update", {**body, "models": models}, as_="granted").status_code == 403
    Team.objects.filter(pk=cast.granted_team.pk).update(models=["no-default-models"])
    assert api("POST", "/key/update", {**body, "models": ["gpt-4"]}, as_="org_admin").status_code == 400
