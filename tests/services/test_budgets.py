"""Budgets that several rows share, and customers."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gateway.budgets.in_force import with_budgets
from gateway.budgets.services import create_budget, delete_budget, hold_budget, update_budget
from gateway.customers.services import block_customers, change_customer, create_customer
from gateway.effective import effective_for_key
from gateway.models import Budget, BudgetHeld, Customer
from keys.models import Key
from rbacadmin.errors import Conflict, Duplicate, PermissionDenied
from rbacadmin.models import AuditEvent
from tests.world import World

DOLLAR = 10**9


def key_of(cast: World, name: str) -> Key:
    joined = Key.objects.select_related("user", "team", "project", "organization")
    return joined.get(pk=cast.here.keys[name].pk)


def test_what_a_key_leaves_open_its_budget_says(cast: World) -> None:
    root, key = cast.actor("proxy_admin"), key_of(cast, "member_team")
    budget = create_budget(root, public_id="small", max_budget=3 * DOLLAR, budget_duration="7d", rpm_limit=5)
    hold_budget(root, key, budget)
    bounds = effective_for_key(key).bounds
    assert (bounds["max_budget"].level.kind, bounds["max_budget"].value) == ("key", 3 * DOLLAR)
    assert (bounds["rpm_limit"].level.kind, bounds["rpm_limit"].value) == ("key", 5)
    assert AuditEvent.objects.filter(event="key.budget_updated", object_id=str(key.pk)).count() == 1


def test_a_rows_own_word_comes_before_its_budget(cast: World) -> None:
    root, key = cast.actor("proxy_admin"), cast.here.keys["member_team"]
    Key.objects.filter(pk=key.pk).update(rpm_limit=9)
    hold_budget(root, key, create_budget(root, rpm_limit=5, tpm_limit=100))
    key.refresh_from_db()
    (filled,) = with_budgets([key])
    assert (filled.rpm_limit, filled.tpm_limit) == (9, 100)


def test_a_change_of_a_budget_is_everybodys_at_once(cast: World) -> None:
    root, key = cast.actor("proxy_admin"), key_of(cast, "member_team")
    budget = create_budget(root, rpm_limit=5)
    hold_budget(root, key, budget)
    update_budget(root, budget, rpm_limit=2)
    assert effective_for_key(key).bounds["rpm_limit"].value == 2


def test_a_budget_above_the_parents_is_refused_and_changes_nothing(cast: World) -> None:
    """Rulebook 14: the team has 100 dollars."""
    root, key = cast.actor("proxy_admin"), cast.here.keys["member_team"]
    with pytest.raises(ValidationError) as caught:
        hold_budget(root, key, create_budget(root, max_budget=101 * DOLLAR))
    assert "max_budget" in caught.value.message_dict
    assert not BudgetHeld.objects.exists()
    held = create_budget(root, max_budget=50 * DOLLAR)
    hold_budget(root, key, held)
    with pytest.raises(ValidationError):
        update_budget(root, held, max_budget=101 * DOLLAR)
    held.refresh_from_db()
    assert held.max_budget == 50 * DOLLAR


def test_a_budget_that_somebody_holds_cannot_be_deleted(cast: World) -> None:
    root, key = cast.actor("proxy_admin"), cast.here.keys["member_team"]
    budget = create_budget(root, max_budget=DOLLAR)
    hold_budget(root, key, budget)
    with pytest.raises(Conflict, match="member-team"):
        delete_budget(root, budget)
    hold_budget(root, key, None)
    delete_budget(root, budget)
    assert not Budget.objects.filter(pk=budget.pk).exists()


def test_a_holder_that_goes_takes_the_link_along(cast: World) -> None:
    root, key = cast.actor("proxy_admin"), cast.here.keys["member_team"]
    hold_budget(root, key, create_budget(root, max_budget=DOLLAR))
    Key.objects.filter(pk=key.pk).delete()
    assert not BudgetHeld.objects.exists()


@pytest.mark.parametrize("name", ["auditor", "org_admin", "team_admin", "member"])
def test_only_platform_admins_make_budgets_and_customers(cast: World, name: str) -> None:
    before = Budget.objects.count(), Customer.objects.count()
    for make in (lambda actor: create_budget(actor), lambda actor: create_customer(actor, public_id="x")):
        with pytest.raises(PermissionDenied):
            make(cast.actor(name))
    assert (Budget.objects.count(), Customer.objects.count()) == before
    assert set(AuditEvent.objects.filter(outcome="refused").values_list("event", flat=True)) == {
        "budget.create",
        "customer.create",
    }


def test_who_may_not_change_a_keys_limits_hands_out_no_budget(cast: World) -> None:
    key, budget = cast.here.keys["colleague_team"], cast.catalog["budget"]
    with pytest.raises(PermissionDenied):
        hold_budget(cast.actor("member"), key, budget)
    assert not BudgetHeld.objects.exists()


def test_a_customer_is_changed_whole_or_not_at_all(cast: World) -> None:
    root, customer = cast.actor("proxy_admin"), cast.catalog["customer"]
    with pytest.raises(ValidationError):
        change_customer(root, customer, changes={"name": "New"}, spend=5)
    customer.refresh_from_db()
    assert customer.name == "Shopper"


def test_an_id_is_taken_once(cast: World) -> None:
    root = cast.actor("proxy_admin")
    for make in (lambda: create_budget(root, public_id="standard"), lambda: create_customer(root, public_id="shopper")):
        with pytest.raises(Duplicate):
            make()


def test_blocking_comes_before_the_customer(cast: World) -> None:
    """Calls may be refused for a customer that nobody has made yet."""
    found: list[Any] = block_customers(cast.actor("proxy_admin"), public_ids=["shopper", "new one"])
    assert [(row.public_id, row.blocked) for row in found] == [("shopper", True), ("new one", True)]
