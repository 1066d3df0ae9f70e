"""What the configuration gives new teams, people and keys, and the most that a key may have."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from keys.services import generate_gateway_key, generate_key, update_key
from rbacadmin.config_file.shapes import KeyDefaults, TeamDefaults, UpperBounds, UserDefaults
from teams.models import Team, User
from teams.services.people import create_user
from teams.services.teams import create_team
from tests.world import World

DOLLAR = 10**9


def test_a_new_team_has_the_defaults_as_far_as_its_organization_allows(cast: World, settings: Any) -> None:
    settings.TEAM_DEFAULTS = TeamDefaults.model_validate({
        "max_budget": 5000, "budget_duration": "30d", "rpm_limit": 7, "models": ["gpt-4o"],
        "team_member_permissions": ["/key/info", "/key/generate"],
    })  # fmt: skip
    admin = cast.actor("proxy_admin")
    team = create_team(admin, cast.organization, alias="new")
    assert (team.max_budget, team.budget_duration, team.rpm_limit, team.models) == (
        1000 * DOLLAR, "30d", 7, ["gpt-4o"],
    )  # fmt: skip
    own = create_team(admin, cast.organization, alias="own", max_budget=DOLLAR, models=["claude"])
    assert (own.max_budget, own.budget_duration, own.models, own.rpm_limit) == (DOLLAR, "", ["claude"], 7)


def test_members_of_a_new_team_may_what_the_defaults_say(cast: World, settings: Any, api: Callable[..., Any]) -> None:
    settings.TEAM_DEFAULTS = TeamDefaults(team_member_permissions=["/key/info", "/key/generate"])
    body = {"team_alias": "new", "organization_id": cast.organization.public_id}
    made = api("POST", "/team/new", body, as_="org_admin").json()
    assert made["team_member_permissions"] == ["/key/info", "/key/generate"]


def test_a_new_person_has_the_defaults(cast: World, settings: Any, api: Callable[..., Any]) -> None:
    settings.USER_DEFAULTS = UserDefaults.model_validate(
        {"user_role": "internal_user_viewer", "max_budget": 3, "budget_duration": "7d", "models": ["gpt-4o"]}
    )
    user = create_user(cast.actor("org_admin"), email="a@example.com", organizations=[cast.organization])
    assert (user.platform_role, user.max_budget, user.budget_duration, user.models) == (
        "internal_user_viewer", 3 * DOLLAR, "7d", ["gpt-4o"],
    )  # fmt: skip
    body = {"user_id": "chosen", "user_role": "internal_user", "max_budget": 1}
    assert api("POST", "/user/new", body, as_="proxy_admin").status_code == 200
    chosen = User.objects.get(public_id="chosen")
    assert (chosen.platform_role, chosen.max_budget, chosen.budget_duration) == ("internal_user", DOLLAR, "")


BOUNDS = UpperBounds.model_validate(
    {"max_budget": 10, "budget_duration": "30d", "rpm_limit": 100, "max_parallel_requests": 4, "duration": "30d"}
)


def test_a_key_is_within_the_bounds_whoever_makes_it(cast: World, settings: Any, api: Callable[..., Any]) -> None:
    settings.KEY_BOUNDS = BOUNDS
    for body, field in (
        ({"max_budget": 11}, "max_budget"),
        ({"rpm_limit": 101}, "rpm_limit"),
        ({"max_parallel_requests": 5}, "max_parallel_requests"),
        ({"duration": "31d"}, "duration"),
        ({"max_budget": 1, "budget_duration": "60d"}, "budget_duration"),
        ({"max_budget": 10, "budget_duration": "1d"}, "max_budget"),
        ({"budget_duration": "1d"}, "max_budget"),
    ):
        answer = api("POST", "/key/generate", body, as_="proxy_admin")
        assert answer.status_code == 400, (body, answer.content)
        assert answer.json()["error"]["param"] == field
        assert "upperbound_key_generate_params" in answer.text
    made = api("POST", "/key/generate", {"max_budget": 10, "rpm_limit": 5, "budget_duration": "30d"}, as_="proxy_admin")
    assert made.status_code == 200, made.content


def test_what_is_left_out_becomes_the_bound(cast: World, settings: Any) -> None:
    settings.KEY_BOUNDS = BOUNDS
    Team.objects.filter(pk=cast.team.pk).update(rpm_limit=50)
    cast.team.refresh_from_db()
    admin = cast.actor("proxy_admin")
    key, _ = generate_key(admin, owner=cast.member, team=cast.team)
    assert (key.max_budget, key.budget_duration, key.rpm_limit, key.max_parallel_requests, key.tpm_limit) == (
        10 * DOLLAR, "30d", 50, 4, None,
    )  # fmt: skip
    assert key.expires_at is not None
    assert key.expires_at <= timezone.now() + timedelta(days=30)


def test_a_new_key_has_the_defaults_that_nobody_chose_and_its_parents_allow(cast: World, settings: Any) -> None:
    given = {"max_budget": 5, "budget_duration": "7d", "rpm_limit": 80, "tpm_limit": 9, "duration": "10d"}
    settings.KEY_DEFAULTS = KeyDefaults.model_validate(given)
    Team.objects.filter(pk=cast.team.pk).update(rpm_limit=50)
    cast.team.refresh_from_db()
    admin = cast.actor("proxy_admin")
    key, _ = generate_key(admin, owner=cast.member, team=cast.team, tpm_limit=3)
    assert (key.max_budget, key.budget_duration, key.rpm_limit, key.tpm_limit) == (5 * DOLLAR, "7d", 50, 3)
    assert key.expires_at is not None
    assert timedelta(days=9) < key.expires_at - timezone.now() <= timedelta(days=10)
    own, _ = generate_key(admin, owner=cast.member, team=cast.team, max_budget=DOLLAR)
    assert (own.max_budget, own.budget_duration) == (DOLLAR, ""), "whoever chose a budget chose its period"
    soft, _ = generate_key(admin, owner=cast.member, team=cast.team, soft_budget=6 * DOLLAR)
    assert (soft.max_budget, soft.soft_budget) == (None, 6 * DOLLAR), "a default never refuses"
    robot, _ = generate_gateway_key(admin)
    assert (robot.max_budget, robot.expires_at) == (None, None)


def test_defaults_stay_within_the_bounds(cast: World, settings: Any) -> None:
    settings.KEY_BOUNDS = BOUNDS
    more = {"max_budget": 11, "budget_duration": "1d", "rpm_limit": 500, "duration": "90d"}
    settings.KEY_DEFAULTS = KeyDefaults.model_validate(more)
    key, _ = generate_key(cast.actor("proxy_admin"), owner=cast.member, team=cast.team)
    assert (key.max_budget, key.budget_duration, key.rpm_limit) == (10 * DOLLAR, "30d", 100)
    assert key.expires_at is not None
    assert key.expires_at <= timezone.now() + timedelta(days=30)


def test_no_change_leads_beyond_the_bounds(cast: World, settings: Any) -> None:
    settings.KEY_BOUNDS = BOUNDS
    admin = cast.actor("proxy_admin")
    key, _ = generate_key(admin, owner=cast.member, team=cast.team, max_budget=DOLLAR)
    for changes in (
        {"rpm_limit": 101},
        {"max_budget": 11 * DOLLAR},
        {"expires_at": timezone.now() + timedelta(days=31)},
    ):
        with pytest.raises(ValidationError):
            update_key(admin, key, **changes)
    key = update_key(admin, key, rpm_limit=None, expires_at=None, alias="kept")
    assert (key.rpm_limit, key.alias) == (100, "kept")
    assert key.expires_at is not None


def test_keys_from_before_the_bounds_change_in_other_ways(cast: World, settings: Any) -> None:
    admin = cast.actor("proxy_admin")
    key, _ = generate_key(admin, owner=cast.member, team=cast.team, rpm_limit=90, max_budget=50 * DOLLAR)
    settings.KEY_BOUNDS = BOUNDS
    assert update_key(admin, key, alias="renamed").max_budget == 50 * DOLLAR
