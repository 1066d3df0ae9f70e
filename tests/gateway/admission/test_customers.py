"""End users: limits of their own, besides those of whoever calls for them."""

from typing import Any

import pytest

from gateway import admission
from gateway.admission import Refused
from gateway.budgets.services import hold_budget, update_budget
from gateway.customers.services import block_customer, create_customer, delete_customers, update_customer
from gateway.models import CatalogModel, Customer
from tests.world import World

DOLLAR = 10**9


@pytest.fixture
def shopper(cast: World) -> Customer:
    return create_customer(cast.actor("proxy_admin"), public_id="shopper-1")


@pytest.fixture
def ask(cast: World, django_capture_on_commit_callbacks: Any) -> Any:
    """Admit a call for somebody, with a key that is in memory already."""
    CatalogModel.objects.filter(name="gpt-4o").update(input_price=DOLLAR, output_price=DOLLAR)
    admission.forget()
    caller = admission.authenticate(cast.here.keys["member_team"].secret)

    def admit(customer: str = "shopper-1", model: str = "gpt-4o", tokens: int = 10) -> admission.Admission:
        return admission.admit(
            caller,
            model=model,
            route="/v1/chat/completions",
            prompt_tokens=tokens,
            completion_tokens=0,
            customer=customer,
        )

    return admit


def refusal(ask: Any, **asked: Any) -> Any:
    with pytest.raises(Refused) as caught:
        ask(**asked)
    return caught.value.refusal


def changed(capture: Any, change: Any) -> None:
    """Make a change, and let what follows its commit happen."""
    with capture(execute=True):
        change()


def test_who_is_not_known_is_bound_by_nothing_of_their_own(cast: World, ask: Any) -> None:
    assert ask("nobody we know").deployment.name == "gpt-4o"


def test_a_blocked_customer_is_refused_by_the_next_call(
    cast: World, shopper: Customer, ask: Any, django_capture_on_commit_callbacks: Any
) -> None:
    ask()
    changed(django_capture_on_commit_callbacks, lambda: block_customer(cast.actor("proxy_admin"), shopper))
    found = refusal(ask)
    assert (found.status, found.level, found.level_id) == (403, "customer", str(shopper.pk))
    assert "User blocked from making LLM API Calls" in found.message
    ask("somebody else")


def test_a_customers_rate_limit_holds_whoever_calls(
    cast: World, shopper: Customer, ask: Any, django_capture_on_commit_callbacks: Any
) -> None:
    root = cast.actor("proxy_admin")
    changed(django_capture_on_commit_callbacks, lambda: update_customer(root, shopper, rpm_limit=1))
    ask()
    found = refusal(ask)
    assert (found.status, found.level, found.limit_type) == (429, "customer", "requests")


def test_a_shared_budget_refuses_in_litellms_words(
    cast: World, shopper: Customer, ask: Any, django_capture_on_commit_callbacks: Any
) -> None:
    root, budget = cast.actor("proxy_admin"), cast.catalog["budget"]
    changed(django_capture_on_commit_callbacks, lambda: hold_budget(root, shopper, budget))
    ask()
    changed(django_capture_on_commit_callbacks, lambda: update_budget(root, budget, max_budget=0))
    found = refusal(ask)
    assert (found.status, found.level) == (422, "customer")
    assert "ExceededBudget: End User=shopper-1" in found.message


def test_a_customers_models_region_and_default_model_count(
    cast: World, shopper: Customer, ask: Any, django_capture_on_commit_callbacks: Any
) -> None:
    root = cast.actor("proxy_admin")
    changed(
        django_capture_on_commit_callbacks,
        lambda: update_customer(root, shopper, models=["claude"], default_model="claude"),
    )
    assert (refusal(ask).status, refusal(ask).code) == (403, "end_user_model_access_denied")
    assert ask(model="").deployment.name == "claude"
    changed(django_capture_on_commit_callbacks, lambda: update_customer(root, shopper, allowed_model_region="eu"))
    assert "region 'eu'" in refusal(ask, model="claude").message


def test_who_was_deleted_is_nobody_known(
    cast: World, shopper: Customer, ask: Any, django_capture_on_commit_callbacks: Any
) -> None:
    root = cast.actor("proxy_admin")
    changed(django_capture_on_commit_callbacks, lambda: block_customer(root, shopper))
    refusal(ask)
    changed(django_capture_on_commit_callbacks, lambda: delete_customers(root, shopper))
    ask()
