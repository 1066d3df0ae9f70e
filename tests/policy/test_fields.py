"""Rights per field: what may be read, what may be written, what takes more because it gives more."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from rbacadmin import limits
from rbacadmin.errors import PermissionDenied
from rbacadmin.models import LimitSet
from rbacadmin.policy import Action, Actor, fields
from rbacadmin.policy.fields import FIELDS
from tests.world import World

pytestmark = pytest.mark.sqlite

COMPUTED = {"spend", "team_member_permissions", "name", "platform_role_label"}  # no columns


def test_every_field_of_the_table_exists() -> None:
    for label, table in FIELDS.items():
        model = apps.get_model(label)
        for name in table:
            try:
                model._meta.get_field(name)
            except FieldDoesNotExist:
                assert name in COMPUTED, (label, name)


def test_every_limit_of_every_level_has_rights() -> None:
    for label, table in FIELDS.items():
        if not issubclass(apps.get_model(label), LimitSet):
            continue
        assert set(limits.LIMITS) <= set(table), label


def test_no_secret_is_a_field() -> None:
    for label, table in FIELDS.items():
        assert not set(table) & {"password", "previous_token", "digest", "credential", "alias_key"}, label


def test_reading_takes_a_read_and_writing_takes_a_write() -> None:
    for table in FIELDS.values():
        for access in table.values():
            assert access.write is None or not access.write.is_read
            assert access.widen is None or not access.widen.is_read


@pytest.mark.parametrize(
    ("name", "seen", "hidden"),
    [
        ("reader", {"alias", "public_id"}, {"max_budget", "models", "metadata", "spend", "created_by"}),
        ("org_admin", {"alias", "max_budget", "models", "spend"}, set()),
        ("auditor", {"alias", "max_budget", "models", "spend"}, set()),
        ("stranger", set(), {"alias", "public_id", "max_budget"}),
    ],
)
def test_who_reads_what_of_an_organization(cast: World, name: str, seen: set[str], hidden: set[str]) -> None:
    """Rulebook 7: readers see its name."""
    readable = fields.readable(cast.actor(name), cast.organization)
    assert seen <= readable
    assert not hidden & readable


def test_members_see_a_teams_basics_and_no_budget(cast: World) -> None:
    """Rulebook 20."""
    readable = fields.readable(cast.actor("member"), cast.team)
    assert {"alias", "models", "team_member_permissions"} <= readable
    assert not {"max_budget", "rpm_limit", "metadata", "spend", "member_defaults"} & readable


def test_the_spend_of_other_peoples_keys_is_hidden(cast: World) -> None:
    """Rulebook 20."""
    for name, sees in (("member", False), ("colleague", True), ("team_admin", True), ("granted", False)):
        assert ("spend" in fields.readable(cast.actor(name), cast.here.keys["colleague_team"])) is sees, name


def ask(actor: Actor, row: Any, before: dict[str, Any], after: dict[str, Any]) -> bool:
    try:
        fields.require_writes(actor, row, before, after)
    except PermissionDenied:
        return False
    return True


@pytest.mark.parametrize(
    ("before", "after", "admin", "org_admin"),
    [
        ({"max_budget": 5}, {"max_budget": 4}, True, True),
        ({"max_budget": 5}, {"max_budget": 6}, False, True),
        ({"max_budget": 5}, {"max_budget": None}, False, True),
        ({"max_budget": None}, {"max_budget": 6}, True, True),
        ({"temp_budget_increase": 1}, {"temp_budget_increase": 2}, False, True),
        ({"temp_budget_increase": 2}, {"temp_budget_increase": 1}, True, True),
        ({"temp_budget_until": None}, {"temp_budget_until": "2030"}, False, True),
        ({"models": ["a"]}, {"models": ["a"]}, True, True),
        ({"models": ["a"]}, {"models": []}, False, True),
        ({"alias": "a"}, {"alias": "b", "max_budget": 5}, True, True),
    ],
)
def test_who_gives_more_needs_more(
    cast: World, before: dict[str, Any], after: dict[str, Any], admin: bool, org_admin: bool
) -> None:
    assert ask(cast.actor("team_admin"), cast.team, before, after) is admin
    assert ask(cast.actor("org_admin"), cast.team, before, after) is org_admin
    assert ask(cast.actor("member"), cast.team, before, after) is (before == after)


def test_sending_back_what_is_there_asks_for_nothing(cast: World) -> None:
    row = {"models": ["a"], "max_budget": 5, "alias": "x", "blocked_by": ""}
    assert ask(cast.actor("member"), cast.team, row, row)


def test_a_field_of_the_record_cannot_be_written(cast: World) -> None:
    with pytest.raises(AssertionError):
        fields.require_writes(cast.actor("proxy_admin"), cast.team, {"blocked_by": ""}, {"blocked_by": "team"})


def test_a_longer_life_of_a_key_is_more(cast: World) -> None:
    key, granted = cast.here.keys["granted_colleague_team"], cast.actor("granted")
    assert ask(granted, key, {"expires_at": None}, {"expires_at": 5})
    assert ask(granted, key, {"expires_at": 5}, {"expires_at": 4})
    assert not ask(granted, key, {"expires_at": 5}, {"expires_at": 6})
    assert not ask(granted, key, {"expires_at": 5}, {"expires_at": None})
    assert Action.RAISE_KEY_LIMITS not in granted.grants.values()
