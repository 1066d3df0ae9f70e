"""A team's own model: its price is what its admins typed, its tokens are what its upstream says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gateway import admission
from gateway.catalog import create_model, update_model
from gateway.ledger.recording import recorder
from gateway.models import CatalogModel, DailyUsage, Spend
from rbacadmin.policy import Actor
from tests.world import World

DEAR = 10**13  # nano-dollars per million tokens: a cent for one


@pytest.fixture
def own(cast: World) -> CatalogModel:
    """The team's own `ours`, as dear as a model can be; everybody in the organization shares ten dollars."""
    for row in (cast.organization, cast.team):
        row.max_budget = 10 * 10**9
        row.save()
    return CatalogModel.objects.create(
        name="ours", team=cast.team, organization=cast.organization, input_price=DEAR, output_price=DEAR
    )


def secret(cast: World, name: str) -> str:
    found: str = cast.here.keys[name].secret  # type: ignore[attr-defined]
    return found


def test_the_organizations_budget_does_not_pay_for_it_and_the_teams_does(
    cast: World, own: CatalogModel, priced: CatalogModel, call: Callable[..., Any], refusal: Callable[..., Any]
) -> None:
    key = secret(cast, "member_team")
    admission.settle(call(key, "ours", customer="somebody"), prompt_tokens=10, completion_tokens=10**9)
    recorder.flush()
    cost = 10**4 * 10**9
    standing = {pk: (life, now) for pk, life, now in Spend.objects.values_list("object_id", "lifetime", "current")}
    assert standing[cast.team.pk] == standing[cast.here.keys["member_team"].pk] == (cost, cost)
    assert standing[cast.organization.pk] == (cost, 0), "seen, and not paid"
    day = DailyUsage.objects.get(kind="organization", object_id=cast.organization.pk)
    assert day.spend == cost
    found = refusal(key, "ours")
    assert (found.status, found.level) == (422, "team")
    cast.team.max_budget = None
    cast.team.save()
    admission.forget()
    assert call(key), "the organization still has its ten dollars for the platform's models"
    assert call(key, "ours")


def test_a_budget_of_nothing_still_stops_it(cast: World, own: CatalogModel, refusal: Callable[..., Any]) -> None:
    cast.organization.max_budget = 0
    cast.organization.save()
    cast.team.max_budget = None
    cast.team.save()
    assert refusal(secret(cast, "member_team"), "ours").level == "organization"


@pytest.mark.sqlite
@pytest.mark.parametrize("price", [DEAR + 1, -1])
def test_a_price_has_a_ceiling_and_a_floor(cast: World, own: CatalogModel, price: int) -> None:
    actor = Actor.for_user(cast.here.people["team_admin"])
    with pytest.raises(ValidationError) as error:
        update_model(actor, own, output_price=price)
    assert set(error.value.message_dict) == {"output_price"}
    with pytest.raises(ValidationError):
        create_model(actor, name="another", team=cast.team, input_price=price)
    if price > 0:
        assert "0.01 dollars for a token" in error.value.message_dict["output_price"][0]
    assert not CatalogModel.objects.filter(name="another").exists()


def test_one_that_is_blocked_is_refused_and_not_the_platforms_of_its_name(
    cast: World, own: CatalogModel, priced: CatalogModel, call: Callable[..., Any], refusal: Callable[..., Any]
) -> None:
    CatalogModel.objects.create(name="gpt-4o", team=cast.team, organization=cast.organization, blocked=True)
    found = refusal(secret(cast, "member_team"))
    assert (found.status, found.level) == (403, "model")
    CatalogModel.objects.filter(team=cast.team, name="gpt-4o").delete()
    admission.forget()
    assert call(secret(cast, "member_team")).deployment.team_id is None
