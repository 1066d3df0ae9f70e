"""JSON columns hold what they should, whichever door it came through: Django admin and the shell know no pydantic."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keys.services import generate_key, update_key
from rbacadmin.models import AuditEvent, Row
from rbacadmin.shapes import SHAPES
from teams.services import create_team, update_team
from tests.matrix.managed import changed, snapshot
from tests.world import World

WRONG: list[tuple[str, Any]] = [
    ("models", "gpt-4"),
    ("models", ["gpt-4", 5]),
    ("models", [""]),
    ("models", ["x" * 256]),
    ("models", ["x"] * 1001),
    ("tags", {"a": "b"}),
    ("metadata", ["a"]),
    ("metadata", None),
    ("model_rpm_limit", {"gpt-4": -1}),
    ("model_rpm_limit", {"gpt-4": "5"}),
    ("model_tpm_limit", {"gpt-4": True}),
    ("model_tpm_limit", [5]),
    ("model_max_budget", {"gpt-4": 5}),
    ("model_max_budget", {"gpt-4": {"max_budget": 1.5}}),
    ("model_max_budget", {"gpt-4": {"budget_duration": "soon"}}),
    ("model_max_budget", {"gpt-4": {"budget_duration": None}}),
    ("model_max_budget", {"gpt-4": {"other": 1}}),
    ("member_defaults", {"role": "admin"}),
    ("member_defaults", {"max_budget": "5"}),
    ("member_defaults", {"budget_duration": "soon"}),
]


@pytest.mark.parametrize(("column", "value"), WRONG)
def test_what_does_not_fit_is_refused_by_name(cast: World, column: str, value: Any) -> None:
    before = snapshot()
    with pytest.raises(ValidationError) as refused:
        update_team(cast.actor("proxy_admin"), cast.team, **{column: value})
    assert set(refused.value.message_dict) == {column}
    assert not changed(before, snapshot())
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(("column", "value"), [("allowed_routes", "/key/info"), ("aliases", {"a": 5}), ("aliases", [])])
def test_the_same_holds_for_keys(cast: World, column: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        update_key(cast.actor("proxy_admin"), cast.here.keys["member_team"], **{column: value})
    assert set(refused.value.message_dict) == {column}


def test_nothing_is_made_with_them_either(cast: World) -> None:
    for values in ({"models": ["gpt-4", 5]}, {"model_max_budget": [5]}, {"metadata": "x"}):
        with pytest.raises(ValidationError) as refused:
            create_team(cast.actor("proxy_admin"), cast.organization, alias="New", **values)
        assert set(refused.value.message_dict) == set(values)
    with pytest.raises(ValidationError):
        generate_key(cast.actor("proxy_admin"), owner=cast.member, actions=["fly"])


def test_what_fits_is_kept(cast: World) -> None:
    values: dict[str, Any] = {
        "models": ["gpt-4"],
        "metadata": {"a": [1, {"b": None}]},
        "model_max_budget": {"gpt-4": {"max_budget": 5, "budget_duration": "30d"}, "gpt-5": {}},
        "model_rpm_limit": {"gpt-4": 0},
        "model_aliases": {"fast": "gpt-4"},
    }
    team = update_team(cast.actor("proxy_admin"), cast.team, **values)
    assert {name: getattr(team, name) for name in values} == values


def test_every_json_column_that_people_write_has_a_shape() -> None:
    from django.apps import apps
    from django.db.models import JSONField

    own = {"assignments"}  # with a check of its own
    for model in apps.get_models():
        if issubclass(model, Row):
            columns = {field.name for field in model._meta.fields if isinstance(field, JSONField)}
            assert columns - own <= SHAPES.keys(), model
