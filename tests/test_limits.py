"""Laws of limits: what is a raise, what fits into a parent, what binds."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from rbacadmin import limits, model_names

pytestmark = pytest.mark.sqlite

numbers = st.none() | st.integers(0, 10**15)
names = st.sampled_from(["gpt-4", "gpt-4o", "claude", "gpt-*", "*"])
models = st.none() | st.lists(names, max_size=4, unique=True)
one_model = st.integers(0, 100) | st.fixed_dictionaries(
    {}, optional={"max_budget": st.integers(0, 100), "budget_duration": st.sampled_from(["1d", "30d"])}
)
per_model = st.none() | st.dictionaries(names, one_model, max_size=3)


@pytest.fixture(autouse=True, scope="module")
def _no_groups() -> Iterator[None]:
    """Limits without a catalog: groups of models have tests of their own."""
    kept, model_names.readers[:] = list(model_names.readers), []
    yield
    model_names.readers[:] = kept


laws = settings(derandomize=True, database=None, max_examples=300)


@pytest.mark.parametrize("field", limits.NUMBERS)
@laws
@given(old=numbers, new=numbers)
def test_of_two_different_numbers_one_way_is_a_raise(field: str, old: int | None, new: int | None) -> None:
    there, back = limits.is_raise(field, {field: old}, {field: new}), limits.is_raise(field, {field: new}, {field: old})
    assert (there, back).count(True) == (0 if old == new else 1)


@pytest.mark.parametrize("field", limits.LIMITS)
def test_a_first_cap_is_no_raise(field: str) -> None:
    """Rulebook 1: with its duration."""
    values: dict[str, Any] = {"models": ["gpt-4"], "budget_duration": "30d"} | dict.fromkeys(limits.NUMBERS, 5)
    values |= dict.fromkeys(limits.PER_MODEL, {"gpt-4": 5})
    for nothing in ({}, dict.fromkeys(limits.LIMITS), {"models": [], "budget_duration": "", "model_rpm_limit": {}}):
        assert not limits.is_raise(field, nothing, {field: values[field], "max_budget": 5})


@pytest.mark.parametrize("field", [*limits.NUMBERS, "models", *limits.PER_MODEL])
def test_clearing_a_cap_is_a_raise(field: str) -> None:
    capped: dict[str, Any] = {"models": ["gpt-4"]}.get(field, {"gpt-4": 5} if field in limits.PER_MODEL else 5)
    for nothing in (None, {}, []) if field not in limits.NUMBERS else (None,):
        assert limits.is_raise(field, {field: capped}, {field: nothing}), nothing


def test_a_new_period_is_a_raise_unless_it_comes_with_a_first_cap() -> None:
    field = "budget_duration"
    assert not limits.is_raise(field, {field: "", "max_budget": None}, {field: "30d", "max_budget": 5})
    assert limits.is_raise(field, {field: "", "max_budget": 5}, {field: "30d", "max_budget": 5})
    assert limits.is_raise(field, {field: "30d", "max_budget": 5}, {field: "1d", "max_budget": 5})
    assert limits.is_raise(field, {field: "30d", "max_budget": 5}, {field: "", "max_budget": 5})


@laws
@given(old=models, new=models)
def test_fewer_models_are_no_raise_and_more_are_one(old: list[str] | None, new: list[str] | None) -> None:
    raised = limits.is_raise("models", {"models": old}, {"models": new})
    if not old:
        assert not raised  # from everything that is inherited to anything
    elif not new:
        assert raised
    else:
        assert raised == bool(limits.outside(new, old))


@laws
@given(old=models, new=models)
def test_a_change_that_is_no_raise_stays_within_what_was_there(old: list[str] | None, new: list[str] | None) -> None:
    if old and not limits.is_raise("models", {"models": old}, {"models": new}):
        assert not limits.above_parent({"models": new}, [("before", {"models": old})])


def test_narrowing_a_wildcard_is_no_raise() -> None:
    assert not limits.is_raise("models", {"models": ["gpt-*"]}, {"models": ["gpt-4"]})
    assert limits.is_raise("models", {"models": ["gpt-4"]}, {"models": ["gpt-*"]})


@laws
@given(old=per_model, new=per_model)
def test_limits_per_model_compare_model_by_model(old: Any, new: Any) -> None:
    """Any two shapes can be compared, and what gives no model more is no raise."""
    before, after = old or {}, new or {}
    for field in limits.PER_MODEL:
        one_by_one = [
            limits.is_raise(field, {field: {name: before[name]}}, {field: {name: after[name]} if name in after else {}})
            for name in before
        ]
        assert limits.is_raise(field, {field: old}, {field: new}) == any(one_by_one)
        assert not limits.is_raise(field, {field: old}, {field: old})


@pytest.mark.parametrize(
    ("old", "new", "raised"),
    [
        (5, 6, True),
        (5, 4, False),
        (5, {"max_budget": 4}, False),
        (5, {"max_budget": 6}, True),
        ({"max_budget": 5}, 6, True),
        ({"max_budget": 5}, 4, False),
        ({"max_budget": 5}, {}, True),
        ({"max_budget": 5}, {"max_budget": 5, "budget_duration": "1h"}, True),
        ({"max_budget": 5, "budget_duration": "1d"}, {"max_budget": 4, "budget_duration": "1d"}, False),
        (5, "nonsense", True),
        ({"max_budget": 5}, {"max_budget": "nonsense"}, True),
    ],
)
def test_a_models_limit_is_a_number_or_a_number_with_a_period(old: Any, new: Any, raised: bool) -> None:
    field = "model_max_budget"
    assert limits.is_raise(field, {field: {"gpt-4": old}}, {field: {"gpt-4": new}}) is raised


def test_an_unknown_field_counts_as_a_raise() -> None:
    assert limits.is_raise("brand_new", {}, {"brand_new": 1})


@pytest.mark.parametrize("field", limits.CAPPED_BY_PARENT)
@laws
@given(child=numbers, parents=st.lists(numbers, max_size=4))
def test_a_child_fits_when_it_is_at_most_each_parent(field: str, child: int | None, parents: list[int | None]) -> None:
    """Rulebook 14: numbers as they stand; null inherits."""
    errors = limits.above_parent({field: child}, [("p", {field: parent}) for parent in parents])
    too_much = child is not None and any(parent is not None and child > parent for parent in parents)
    assert (field in errors) == too_much


@laws
@given(levels=st.lists(numbers, max_size=5))
def test_the_least_of_the_levels_binds(levels: list[int | None]) -> None:
    bound = limits.effective([{"max_budget": level} for level in levels], "max_budget")
    known = [level for level in levels if level is not None]
    assert bound == (min(known) if known else None)


def test_zero_means_nothing_and_is_no_absence() -> None:
    assert limits.effective([{"rpm_limit": 0}, {"rpm_limit": 5}], "rpm_limit") == 0
    assert limits.above_parent({"rpm_limit": 1}, [("team", {"rpm_limit": 0})])
    assert limits.is_raise("rpm_limit", {"rpm_limit": 0}, {"rpm_limit": 1})


@laws
@given(child=models, parent=models)
def test_models_fit_when_the_parent_covers_each(child: list[str] | None, parent: list[str] | None) -> None:
    """An empty list and null both inherit."""
    errors = limits.above_parent({"models": child}, [("team", {"models": parent})])
    if not child or not parent:
        assert not errors
    else:
        covered = [n for n in child if any(n == p or (p.endswith("*") and n.startswith(p[:-1])) for p in parent)]
        assert bool(errors) == (covered != child)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("5m", 300), ("1h", 3600), ("7d", 604800), ("2w", 1209600), ("1mo", 2592000), ("daily", 86400)],
)
def test_durations(text: str, seconds: int) -> None:
    assert limits.parse_duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "0d", "-1d", "1", "d", "1y", "1.5h", "٣d", "1d ", "9999999mo", "1 d", "1D"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ValidationError):
        limits.parse_duration(text)


@laws
@given(child=per_model, parent=per_model, field=st.sampled_from(limits.PER_MODEL))
def test_no_model_gets_more_than_the_parent_gives_it(child: Any, parent: Any, field: str) -> None:
    above = limits.above_parent({field: child}, [("team", {field: parent})])
    given = {model: limits.as_limits(entry).get("max_budget") for model, entry in (parent or {}).items()}
    asked = {model: limits.as_limits(entry).get("max_budget") for model, entry in (child or {}).items()}
    more = [m for m, n in asked.items() if n is not None and given.get(m) is not None and n > given[m]]
    assert bool(above) == bool(more)
    assert not more or any(model in above[field] for model in more)
