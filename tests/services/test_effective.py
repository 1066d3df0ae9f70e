"""Which level binds a call (rulebook 14 and 15), and who is told what about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given

from gateway.effective import Effective, effective_for_key, effective_for_member
from gateway.models import CatalogModel, Spend
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin.model_names import beyond, names_of, restricts
from teams.models import Membership, Team, User
from tests.factories import KeyFactory
from tests.test_names import GROUPS, lists, parts
from tests.world import World

DOLLAR = 10**9
KEYS = Key.objects.select_related("user", "team", "project", "organization")


def put(row: Any, **values: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


def of(key: Key) -> Effective:
    return effective_for_key(KEYS.get(pk=key.pk))


def told(found: Effective) -> dict[str, tuple[str, int]]:
    return {name: (bound.level.kind, bound.value) for name, bound in found.bounds.items()}


@pytest.fixture
def key(cast: World) -> Key:
    """The member's key in the team, with nothing set anywhere."""
    for model in (Organization, Team, Project, Membership, User, Key):
        model.objects.update(  # type: ignore[attr-defined]
            **dict.fromkeys(("models", "max_budget", "rpm_limit", "tpm_limit", "max_parallel_requests"))
        )
    return cast.here.keys["member_team"]


def test_nothing_set_binds_nothing(key: Key) -> None:
    found = of(key)
    assert (found.bounds, found.models, found.cut_by, found.warnings) == ({}, None, [], [])


def test_the_smallest_rate_binds_and_of_equal_ones_the_innermost(cast: World, key: Key) -> None:
    put(cast.organization, rpm_limit=50, tpm_limit=900)
    put(cast.team, rpm_limit=20, tpm_limit=900)
    put(key, rpm_limit=30)
    assert told(of(key)) == {"rpm_limit": ("team", 20), "tpm_limit": ("team", 900)}
    Membership.objects.filter(user=cast.member, team=cast.team).update(rpm_limit=5, max_parallel_requests=0)
    assert told(of(key)) | {} == {
        "rpm_limit": ("member", 5),
        "tpm_limit": ("team", 900),
        "max_parallel_requests": ("member", 0),
    }


def test_the_users_rates_bind_always_and_their_budget_without_a_team_only(cast: World, key: Key) -> None:
    """Rulebook 15."""
    put(cast.member, rpm_limit=3, max_budget=DOLLAR, models=["claude"])
    assert told(of(key)) == {"rpm_limit": ("user", 3)}
    assert of(key).models is None
    personal = of(cast.here.keys["member_personal"])
    assert told(personal) == {"rpm_limit": ("user", 3), "max_budget": ("user", DOLLAR)}
    assert personal.models == ["claude"]


def test_the_budget_with_the_least_left_binds(cast: World, key: Key) -> None:
    put(cast.organization, max_budget=100 * DOLLAR)
    put(key, max_budget=10 * DOLLAR, budget_duration="1d")
    assert of(key).bounds["max_budget"].level.kind == "key"
    Spend.objects.create(object_id=cast.organization.pk, kind="organization", current=95 * DOLLAR)
    bound = of(key).bounds["max_budget"]
    assert (bound.level.kind, bound.value, bound.spent, bound.left) == (
        *("organization", 100 * DOLLAR),
        *(95 * DOLLAR, 5 * DOLLAR),
    )
    Spend.objects.filter(object_id=cast.organization.pk).update(current=0)
    assert of(key).bounds["max_budget"].resets_at is not None


def test_what_was_added_for_a_while_counts_for_a_while(key: Key) -> None:
    soon, past = timezone.now() + timedelta(hours=1), timezone.now() - timedelta(hours=1)
    put(key, max_budget=DOLLAR, temp_budget_increase=DOLLAR, temp_budget_until=soon)
    assert told(of(key)) == {"max_budget": ("key", 2 * DOLLAR)}
    put(key, temp_budget_until=past)
    assert told(of(key)) == {"max_budget": ("key", DOLLAR)}


def test_models_are_what_every_list_covers(cast: World, key: Key) -> None:
    put(cast.organization, models=["gpt-4o", "fast", "openai/*"])
    put(cast.team, models=["claude", "openai/*"])
    found = of(key)
    assert (found.models, [level.kind for level in found.cut_by]) == (
        ["acme core llama", "claude", "openai/*"],
        ["organization", "team"],
    )
    put(key, models=["openai/gpt-5", "o3"])
    found = of(key)
    assert (found.models, [level.kind for level in found.cut_by]) == (
        ["openai/gpt-5"],
        ["organization", "team", "key"],
    )


def test_a_teams_own_model_needs_no_list_above_but_one_within(cast: World, key: Key) -> None:
    put(cast.team, models=["gpt-4o"])
    assert of(key).models == ["acme core llama", "gpt-4o"]
    put(key, models=["gpt-4o"])
    assert of(key).models == ["gpt-4o"]
    CatalogModel.objects.filter(name="acme core llama").update(blocked=True)
    put(key, models=None)
    assert of(key).models == ["gpt-4o"]


def test_a_lowered_parent_is_a_warning_and_the_smaller_value_counts(cast: World, key: Key) -> None:
    """Rulebook 14."""
    put(cast.team, max_budget=50 * DOLLAR, models=["gpt-4o", "claude"], rpm_limit=9)
    put(cast.organization, max_budget=20 * DOLLAR, models=["fast"], rpm_limit=9)
    put(key, max_budget=30 * DOLLAR)
    found = of(key)
    assert told(found)["max_budget"] == ("organization", 20 * DOLLAR)
    assert {(w.level.kind, w.field, w.parent) for w in found.warnings} == {
        ("key", "max_budget", "organization"),
        ("team", "max_budget", "organization"),
        ("team", "models", "organization"),
    }


def test_a_key_that_lives_nowhere_calls_no_model(cast: World, key: Key) -> None:
    """Rulebook 16; but a platform admin's."""
    assert of(KeyFactory(user=cast.member)).models == []
    assert of(KeyFactory(user=cast.proxy_admin)).models is None
    assert of(KeyFactory(user=None)).models is None


def test_a_membership_has_limits_of_its_own(cast: World, key: Key) -> None:
    joined = Membership.objects.select_related("user", "team", "organization", "project")
    put(cast.team, models=["claude"], rpm_limit=9)
    put(cast.member, rpm_limit=2, models=["gpt-4o"])
    found = effective_for_member(joined.get(user=cast.member, team=cast.team))
    assert (told(found), found.models) == ({"rpm_limit": ("user", 2)}, ["acme core llama", "claude"])


def test_it_costs_the_same_whatever_is_set(cast: World, key: Key) -> None:
    row = KEYS.get(pk=key.pk)
    with CaptureQueriesContext(connection) as few:
        effective_for_key(row)
    for number in range(30):
        CatalogModel.objects.create(name=f"own {number}", team=cast.team, organization=cast.organization)
    for one in (cast.organization, cast.team, cast.member, key):
        put(one, max_budget=DOLLAR, rpm_limit=1, models=["gpt-4o", "fast"])
    row = KEYS.get(pk=key.pk)
    with CaptureQueriesContext(connection) as many:
        effective_for_key(row)
    assert max(len(few), len(many)) <= 6


def test_who_may_not_read_a_level_is_told_which_it_is_only(api: Any, cast: World, key: Key) -> None:
    put(cast.organization, max_budget=20 * DOLLAR)
    put(key, rpm_limit=7)
    shown = {}
    for name in ("member", "org_admin"):
        info = api("GET", f"/key/info?key={key.token}", as_=name).json()["info"]["effective_limits"]
        asked = api("GET", f"/key/limits?key={key.token}", as_=name).json()
        assert {**info, "key": key.token} == asked
        shown[name] = info["limits"]
    assert shown["member"] == {"max_budget": {"level": "organization"}, "rpm_limit": {"level": "key", "value": 7}}
    assert shown["org_admin"]["max_budget"] == {
        "level": "organization",
        "value": 20.0,
        "spend": 0.0,
        "remaining": 20.0,
        "budget_reset_at": None,
    }


@given(lists, lists, parts)
def test_a_list_that_is_not_beyond_another_covers_no_name_more(child: Any, parent: Any, name: str) -> None:
    if restricts(child) and not beyond(child, parent, GROUPS):
        assert not names_of(child, GROUPS).covers(name) or names_of(parent, GROUPS).covers(name)
