"""Money goes in and out without losing a nano-dollar."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.templatetags.measures import amount
from orgs.models import Organization
from rbacadmin import money

laws = settings(derandomize=True, database=None, max_examples=500)
nanos = st.integers(0, money.MAX_NANO)


@laws
@given(nano=nanos)
def test_decimals_go_round(nano: int) -> None:
    amount = money.to_decimal(nano)
    assert money.to_nano(amount) == nano
    assert money.to_nano(str(amount)) == nano
    assert amount * money.NANO == nano


@laws
@given(nano=st.integers(0, 999_999 * money.NANO + 999_999_999))
def test_json_numbers_go_round_below_a_million_dollars(nano: int) -> None:
    """Fifteen digits are what a JSON number carries for sure."""
    number = money.to_number(nano)
    assert number is not None
    assert money.to_nano(number) == nano


@laws
@given(cents=st.integers(0, 9 * 10**11))
def test_cents_survive_floats_up_to_the_largest_amount(cents: int) -> None:
    assert money.to_nano(cents / 100) == cents * 10**7


@laws
@given(one=nanos, other=nanos)
def test_order_is_kept(one: int, other: int) -> None:
    assert (one < other) == (money.to_decimal(one) < money.to_decimal(other))


def test_a_float_is_read_as_it_prints() -> None:
    assert money.to_nano(0.1) == 100_000_000
    assert money.to_nano(0.1 + 0.2) == 300_000_000
    assert money.to_nano(1e-9) == 1
    assert sum(money.to_nano(0.1) for _ in range(10)) == money.to_nano(1)


@pytest.mark.parametrize(
    "amount", ["", "abc", "NaN", "Infinity", "-Infinity", "-1", -0.5, "-1e-20", 9_000_000_001, "1e400", True, "0x10"]
)
def test_what_is_no_amount(amount: str) -> None:
    with pytest.raises(ValidationError):
        money.to_nano(amount)


def test_the_largest_amount_fits_the_database(db: None) -> None:
    row = Organization.objects.create(alias="rich", max_budget=money.to_nano(9_000_000_000))
    row.refresh_from_db()
    assert row.max_budget == money.MAX_NANO
    assert money.to_decimal(row.max_budget) == Decimal(9_000_000_000)


def test_tiny_amounts_in_tables_have_four_digits() -> None:
    assert money.brief(5_823_600) == "$0.005824"
    assert money.brief(1) == "$0.000000001"
    assert money.brief(5_000_000) == "$0.005"
    assert money.brief(1_234_567_890) == money.show(1_234_567_890) == "$1.23"
    assert money.brief(0) == "$0.00"
    assert amount(5_823_600) == '<span title="$0.0058236">$0.005824</span>'
    assert amount(5_000_000) == "$0.005", "all digits stand there"


def test_money_for_people() -> None:
    assert money.show(20 * money.NANO) == "$20.00"
    assert money.show(1_234_567_890_000_000) == "$1,234,567.89"
    assert money.show(1_000) == "$0.000001"
    assert money.show(0) == "$0.00"
    assert money.to_number(None) is None
