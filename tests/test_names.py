"""What a list of model names means: examples, and laws on generated lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbacadmin.model_names import EVERYTHING, Names, common, names_of, restricts

pytestmark = pytest.mark.sqlite

GROUPS = {"fast": ["gpt-4o-mini", "claude-haiku"], "empty": [], "wild": ["openai/*"]}

parts = st.text("ab/", max_size=3)
entries = parts | parts.map(lambda part: f"{part}*") | st.sampled_from(
    [*GROUPS, "*", "no-default-models", "all-team-models", "all-proxy-models"]
)  # fmt: skip
lists = st.none() | st.lists(entries, max_size=4)


@pytest.mark.parametrize(
    ("models", "name", "covered"),
    [
        (None, "anything", True),
        ([], "anything", True),
        (["*"], "anything", True),
        (["all-team-models"], "anything", True),
        (["all-proxy-models", "gpt-4"], "anything", True),
        (["no-default-models"], "no-default-models", False),
        (["no-default-models"], "gpt-4", False),
        (["no-default-models", "gpt-4"], "gpt-4", True),
        (["gpt-4"], "gpt-4", True),
        (["gpt-4"], "gpt-4o", False),
        (["gpt-4*"], "gpt-4o", True),
        (["openai/*"], "openai/gpt-4o", True),
        (["openai/*"], "azure/gpt-4o", False),
        (["bedrock/anthropic.*"], "bedrock/anthropic.claude", True),
        (["bedrock/anthropic.*"], "bedrock/meta.llama", False),
        (["fast"], "claude-haiku", True),
        (["fast"], "claude-opus", False),
        (["wild"], "openai/gpt-4o", True),
        (["empty"], "gpt-4", False),
        (["gone"], "gpt-4", False),
    ],
)
def test_what_a_list_covers(models: list[str] | None, name: str, covered: bool) -> None:
    assert names_of(models, GROUPS).covers(name) is covered


@given(lists, lists, parts)
def test_what_two_lists_have_in_common_is_what_both_cover(a: list[str], b: list[str], name: str) -> None:
    one, other = names_of(a, GROUPS), names_of(b, GROUPS)
    assert (one & other).covers(name) is (one.covers(name) and other.covers(name))
    assert one & other == other & one
    assert one & EVERYTHING == one.__and__(one) == one & one


@given(st.lists(lists, max_size=4), parts)
def test_a_call_is_covered_when_every_level_covers_it(levels: list[list[str] | None], name: str) -> None:
    assert common(levels, GROUPS).covers(name) is all(names_of(models, GROUPS).covers(name) for models in levels)


@given(lists, parts)
def test_a_list_meets_an_entry_when_they_share_a_name(models: list[str] | None, begin: str) -> None:
    found = names_of(models, GROUPS)
    assert found.meets(begin) is found.covers(begin)
    beneath = [name for name in (*found.exact, *found.prefixes, begin) if name.startswith(begin)]
    assert found.meets(f"{begin}*") is any(found.covers(name) for name in beneath)


@given(lists)
def test_a_set_that_is_shown_and_read_back_is_the_same(models: list[str] | None) -> None:
    found = names_of(models, {})
    if found.exact or found.prefixes:
        assert names_of(found.shown(), {}) == found


@given(lists)
def test_a_list_that_says_nothing_covers_everything(models: list[str] | None) -> None:
    """Rulebook 14: null and an empty list inherit. Anything else that restricts never covers everything by accident."""
    assert restricts(models) or names_of(models, GROUPS) == EVERYTHING
    assert names_of(["no-default-models"], GROUPS) == Names()
