"""Limits for single models bind whatever name a call carries."""

from collections.abc import Callable
from typing import Any

from gateway.models import CatalogModel
from tests.factories import KeyFactory
from tests.world import World

Call = Callable[..., Any]


def test_a_keys_alias_does_not_lend_one_model_the_limit_of_another(cast: World, call: Call, refusal: Call) -> None:
    cast.team.model_rpm_limit = {"gpt-4o": 1, "gpt-4o-mini": 1000}
    cast.team.save()
    key = KeyFactory(
        user=cast.member, team=cast.team, organization=cast.organization, aliases={"gpt-4o-mini": "gpt-4o"}
    )
    call(key.secret, "gpt-4o-mini")
    assert refusal(key.secret, "gpt-4o-mini").status == 429
    assert refusal(key.secret, "gpt-4o").status == 429


def test_a_name_under_a_wildcard_keeps_its_own_limit_after_others_were_called(
    cast: World, call: Call, refusal: Call
) -> None:
    CatalogModel.objects.create(name="gpt-*", params={"model": "mock/echo"})
    for scope in (cast.organization, cast.team):
        scope.models = None
        scope.save()
    CatalogModel.objects.filter(name="gpt-4o").delete()
    cast.team.model_rpm_limit = {"gpt-4o": 1, "gpt-*": 3}
    cast.team.save()
    secret = cast.keys["member_team"].secret
    call(secret)
    assert refusal(secret).status == 429
    call(secret, "gpt-5")
    assert refusal(secret).status == 429, "the wildcard's larger limit took its place"
    call(secret, "gpt-5")
    assert refusal(secret, "gpt-5").status == 429, "the wildcard's limit counts all names together"
