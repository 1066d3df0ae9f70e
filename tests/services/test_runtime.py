"""Settings that change at run time: who may, what fits, what the environment decides, and what each of them does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keys.maintenance import run_jobs
from rbacadmin import runtime
from rbacadmin.errors import PermissionDenied
from rbacadmin.models import AuditEvent, Setting
from teams import services as teams
from teams.models import Membership, Team
from teams.services.joining import open_to
from tests.world import World

RAISE = {"team_admin_editable_team_fields": ["raise_max_budget"]}


def change(cast: World, **changes: Any) -> None:
    runtime.change_settings(cast.actor("proxy_admin"), changes=changes)


def test_a_change_is_in_force_at_once_and_on_record(cast: World) -> None:
    change(cast, add_creator_to_teams=True)
    assert runtime.value("add_creator_to_teams") is True
    event = AuditEvent.objects.get(event="setting.updated")
    assert (event.kind, event.object_id) == ("setting", "add_creator_to_teams")
    assert event.details == {"changed": {"add_creator_to_teams": [False, True]}}
    change(cast, add_creator_to_teams=True)
    assert AuditEvent.objects.filter(event="setting.updated").count() == 1


@pytest.mark.parametrize("name", ["auditor", "org_admin", "member"])
def test_nobody_else_changes_settings_or_runs_jobs(cast: World, name: str) -> None:
    with pytest.raises(PermissionDenied):
        runtime.change_settings(cast.actor(name), changes={"add_creator_to_teams": True})
    with pytest.raises(PermissionDenied):
        run_jobs(cast.actor(name))
    assert not Setting._default_manager.exists()
    assert AuditEvent.objects.filter(outcome="refused").count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"add_creator_to_teams": "yes"},
        {"team_admin_editable_team_fields": ["models"]},
        {"available_teams": [7]},
        {"no_such_setting": 1},
        {"jwt": {"roles_jwt_field": "roles", "role_mappings": [{"role": "*", "internal_role": "proxy_admin"}]}},
        {"jwt": {"role_mappings": [{"role": "a", "internal_role": "internal_user"}]}},
        {"jwt": {"role_permissions": [{"role": "king"}]}},
        {"jwt": {"role_permissions": [{"role": "team", "rights": []}]}},
    ],
)
def test_what_does_not_fit_changes_nothing(cast: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        change(cast, **{"available_teams": ["a"], **wrong})
    assert not Setting._default_manager.exists()


def test_what_the_environment_says_is_not_changed_here(cast: World, settings: Any) -> None:
    settings.AVAILABLE_TEAMS = ["from-outside"]
    with pytest.raises(ValidationError, match="RBACADMIN_AVAILABLE_TEAMS decides this"):
        change(cast, available_teams=["a"])
    assert runtime.value("available_teams") == ["from-outside"]
    (row,) = [one for one in runtime.chosen() if one.name == "available_teams"]
    assert (row.source, row.editable) == ("environment: RBACADMIN_AVAILABLE_TEAMS", False)


def test_a_team_is_opened_at_run_time(cast: World) -> None:
    assert not open_to(cast.actor("member")).exists()
    change(cast, available_teams=[cast.other_team.public_id])
    assert list(open_to(cast.actor("member"))) == [cast.other_team]


def test_a_team_admin_raises_the_budget_only_where_the_setting_says_so(cast: World) -> None:
    team, admin = cast.team, cast.actor("team_admin")
    higher = (team.max_budget or 0) + 10**9
    with pytest.raises(PermissionDenied):
        teams.update_team(admin, team, max_budget=higher)
    change(cast, **RAISE)
    assert teams.update_team(admin, team, max_budget=higher).max_budget == higher
    for changes in ({"max_budget": None}, {"max_budget": higher + 1, "rpm_limit": None}):
        Team.objects.filter(pk=team.pk).update(rpm_limit=5)
        with pytest.raises(PermissionDenied):
            teams.update_team(admin, team, **changes)
    with pytest.raises(PermissionDenied):
        teams.update_team(cast.actor("member"), team, max_budget=higher + 1)
    with pytest.raises(ValidationError):
        teams.update_team(admin, team, max_budget=10**15)


def test_whoever_makes_a_team_is_in_it_only_where_the_setting_says_so(cast: World, api: Callable[..., Any]) -> None:
    body = {"organization_id": cast.organization.public_id}
    api("POST", "/team/new", {**body, "team_alias": "without"}, as_="org_admin")
    change(cast, add_creator_to_teams=True)
    api("POST", "/team/new", {**body, "team_alias": "with"}, as_="org_admin")
    found = Membership.objects.filter(user=cast.org_admin, team__alias__in=["with", "without"])
    assert [(one.team.alias, one.role) for one in found if one.team] == [("with", "admin")]


def test_jobs_run_by_name_and_leave_a_record(cast: World) -> None:
    assert run_jobs(cast.actor("proxy_admin"), names=["sessions cleared"]) == {"sessions cleared": 0}
    assert AuditEvent.objects.get(event="job.ran").details == {"jobs": {"sessions cleared": 0}}
    with pytest.raises(ValidationError):
        run_jobs(cast.actor("proxy_admin"), names=["nonsense"])
