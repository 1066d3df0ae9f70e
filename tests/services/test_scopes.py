"""Organizations, projects and teams: making and changing them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from orgs.models import Organization, Project
from orgs.services import create_organization, create_project, update_organization, update_project
from rbacadmin.errors import Duplicate, PermissionDenied
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Action, grants
from rbacadmin.policy.roles import MEMBER_ACTIONS
from teams.models import Membership, Team
from teams.services import create_team, set_member_permissions, update_team
from teams.services.teams import DEFAULT_PERMISSIONS
from tests.world import World

MONEY = 10**9
CREATORS: list[Any] = [
    lambda actor, cast, **values: create_organization(actor, **values),
    lambda actor, cast, **values: create_project(actor, cast.organization, **values),
    lambda actor, cast, **values: create_team(actor, cast.organization, **values),
]
KINDS = ["organization", "project", "team"]
every_kind = pytest.mark.parametrize("create", CREATORS, ids=KINDS)


def stored() -> tuple[Any, ...]:
    rows = [list(model.objects.order_by("pk").values()) for model in (Organization, Project, Team)]
    return (
        *rows,
        Membership.objects.count(),
        Change.objects.count(),
        AuditEvent.objects.filter(outcome="done").count(),
    )


def refused(error: type[Exception], run: Any, *args: Any, **kwargs: Any) -> Any:
    """Run what must be refused; nothing is written but the refusal."""
    before = stored()
    with pytest.raises(error) as caught:
        run(*args, **kwargs)
    assert stored() == before
    return caught.value


@every_kind
def test_a_platform_admin_makes_scopes(cast: World, create: Any) -> None:
    made = create(cast.actor("proxy_admin"), cast, alias="Fresh", max_budget=5, models=["gpt-4"], metadata={"a": 1})
    made.refresh_from_db()
    assert (made.alias, made.alias_key, made.max_budget, made.models) == ("Fresh", "fresh", 5, ["gpt-4"])
    assert made.public_id == str(made.pk)
    assert made.created_by == cast.proxy_admin.email
    assert made.group.name == f"{made.kind}:{made.pk}"
    event = AuditEvent.objects.get(event=f"{made.kind}.created")
    assert (event.object_id, event.details) == (str(made.pk), {"alias": "Fresh"})
    assert not Membership.objects.filter(group=made.group).exists()


@pytest.mark.parametrize("name", ["org_admin", "reader", "team_admin", "auditor", "loner", "viewer"])
def test_nobody_else_makes_organizations(cast: World, name: str) -> None:
    """Rulebook 6."""
    refused(PermissionDenied, create_organization, cast.actor(name), alias="mine")
    assert AuditEvent.objects.get().event == "organization.create"


@pytest.mark.parametrize("create", CREATORS[1:], ids=KINDS[1:])
def test_org_admins_make_teams_and_projects_in_their_own_organization(cast: World, create: Any) -> None:
    assert create(cast.actor("org_admin"), cast, alias="Fresh").organization == cast.organization
    for name in ("stranger", "reader", "team_admin", "project_owner", "member", "auditor"):
        refused(PermissionDenied, create, cast.actor(name), cast, alias=f"by {name}")


def test_only_platform_admins_make_teams_outside_organizations(cast: World) -> None:
    assert create_team(cast.actor("proxy_admin"), alias="alone").organization is None
    refused(PermissionDenied, create_team, cast.actor("org_admin"), alias="alone too")


def test_only_platform_admins_choose_ids(cast: World) -> None:
    """Telling others that an id is taken would tell them of a team that they cannot see."""
    assert create_team(cast.actor("proxy_admin"), cast.organization, alias="a", public_id="core").public_id == "core"
    refused(PermissionDenied, create_team, cast.actor("stranger"), cast.there.organization, alias="b", public_id="core")
    error = refused(Duplicate, create_team, cast.actor("proxy_admin"), alias="c", public_id="core")
    assert "public_id" in error.message_dict
    refused(Duplicate, create_team, cast.actor("proxy_admin"), alias="d", public_id=str(cast.team.pk))


@every_kind
def test_names_are_unique_whatever_their_case(cast: World, create: Any) -> None:
    """Rulebook 21: in the organization, organizations on the platform."""
    create(cast.actor("proxy_admin"), cast, alias="Straße")
    for alias in ("Straße", "STRASSE", " strasse ", "straße"):
        error = refused(Duplicate, create, cast.actor("proxy_admin"), cast, alias=alias)
        assert "alias" in error.message_dict


def test_another_organization_may_use_the_name(cast: World) -> None:
    assert create_team(cast.actor("stranger"), cast.there.organization, alias=cast.team.alias)


@every_kind
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"budget_duration": "1y"}, "budget_duration"),
        ({"max_budget": 5, "soft_budget": 5}, "soft_budget"),
        ({"alias": ""}, "alias"),
        ({"alias": "x" * 300}, "alias"),
        ({"rpm_limit": -1}, "rpm_limit"),
    ],
)
def test_limits_that_make_no_sense(cast: World, create: Any, values: dict[str, Any], field: str) -> None:
    error = refused(ValidationError, create, cast.actor("proxy_admin"), cast, **{"alias": "Fresh", **values})
    assert field in error.message_dict


@pytest.mark.parametrize("create", CREATORS[1:], ids=KINDS[1:])
@pytest.mark.parametrize("name", ["org_admin", "proxy_admin"])
def test_a_child_stays_within_its_parent(cast: World, create: Any, name: str) -> None:
    """Rulebook 14, and 27: for everybody."""
    for values in ({"max_budget": 1001 * MONEY}, {"models": ["gpt-4", "o1"]}):
        error = refused(ValidationError, create, cast.actor(name), cast, alias="Fresh", **values)
        assert set(error.message_dict) == set(values)
    assert create(cast.actor(name), cast, alias="Fresh", max_budget=1000 * MONEY, models=["gpt-4"])


def test_a_lowered_parent_binds_the_childs_next_change(cast: World) -> None:
    """Rulebook 14: the stored value stays, the next change must come back within."""
    update_organization(cast.actor("proxy_admin"), cast.organization, max_budget=50 * MONEY)
    cast.team.refresh_from_db()
    assert cast.team.max_budget == 100 * MONEY
    refused(ValidationError, update_team, cast.actor("org_admin"), cast.team, alias="renamed")
    update_team(cast.actor("org_admin"), cast.team, alias="renamed", max_budget=50 * MONEY)


def test_a_team_admin_lowers_and_sets_but_never_raises(cast: World) -> None:
    """Rulebook 1."""
    admin = cast.actor("team_admin")
    update_team(admin, cast.team, max_budget=90 * MONEY, rpm_limit=50)
    update_team(admin, cast.team, tpm_limit=1000)
    for values in ({"max_budget": 91 * MONEY}, {"max_budget": None}, {"rpm_limit": None}, {"tpm_limit": 1001}):
        refused(PermissionDenied, update_team, admin, cast.team, **values)
    update_team(cast.actor("org_admin"), cast.team, max_budget=200 * MONEY, rpm_limit=None)


def test_a_first_cap_comes_with_its_duration_and_a_new_one_does_not(cast: World) -> None:
    """Rulebook 1."""
    team = create_team(cast.actor("org_admin"), cast.organization, alias="uncapped")
    Membership.objects.filter(user=cast.team_admin, team=cast.team).update(group=team.group, team=team)
    update_team(cast.actor("team_admin"), team, max_budget=MONEY, budget_duration="30d")
    team.refresh_from_db()
    assert team.budget_started_at is not None
    refused(PermissionDenied, update_team, cast.actor("team_admin"), team, budget_duration="1d")
    update_team(cast.actor("org_admin"), team, budget_duration="1d")


def test_a_request_is_refused_whole(cast: World) -> None:
    """Rulebook 1: never half applied."""
    admin = cast.actor("team_admin")
    refused(PermissionDenied, update_team, admin, cast.team, alias="new", rpm_limit=10, max_budget=None)
    before = grants.on(cast.team, cast.team.group)
    refused(PermissionDenied, update_team, admin, cast.team, models=["gpt-4"], permissions=frozenset())
    assert grants.on(cast.team, cast.team.group) == before


def test_a_project_owner_lowers_and_never_raises(cast: World) -> None:
    """Rulebook 1: likewise on the project."""
    owner = cast.actor("project_owner")
    update_project(owner, cast.project, max_budget=90 * MONEY, alias="renamed")
    for values in (
        {"max_budget": 91 * MONEY},
        {"rpm_limit": None},
        {"kubernetes_namespace": "ns"},
        {"models": ["gpt-4"]},
    ):
        refused(PermissionDenied, update_project, owner, cast.project, **values)
    update_project(cast.actor("org_admin"), cast.project, max_budget=200 * MONEY, kubernetes_namespace="ns")
    refused(ValidationError, update_project, cast.actor("org_admin"), cast.project, kubernetes_namespace="No_Label")


def test_an_org_admin_renames_the_organization_and_no_more(cast: World) -> None:
    """Rulebook 5."""
    update_organization(cast.actor("org_admin"), cast.organization, alias="renamed", metadata={"a": 1})
    for values in ({"max_budget": 1}, {"max_budget": None}, {"rpm_limit": 5}, {"models": ["gpt-4"]}):
        refused(PermissionDenied, update_organization, cast.actor("org_admin"), cast.organization, **values)
    update_organization(cast.actor("proxy_admin"), cast.organization, max_budget=5 * MONEY, models=["gpt-4"])


def test_what_is_sent_but_not_changed_asks_for_nothing(cast: World) -> None:
    """Clients that send whole rows back are no intruders."""
    update_team(cast.actor("team_admin"), cast.team, alias="new", models=cast.team.models, max_budget=100 * MONEY)
    event = AuditEvent.objects.get()
    assert event.event == "team.updated"
    assert event.details == {"changed": {"alias": ["acme core", "new"]}}


def test_nothing_changed_means_nothing_recorded(cast: World) -> None:
    update_team(cast.actor("member"), cast.team, alias=cast.team.alias)
    assert not AuditEvent.objects.exists()
    assert not Change.objects.exists()


@pytest.mark.parametrize("name", ["member", "granted", "reader", "auditor", "stranger", "viewer"])
def test_who_does_not_manage_a_team_changes_nothing(cast: World, name: str) -> None:
    for values in ({"alias": "new"}, {"max_budget": 1}, {"metadata": {"a": 1}}):
        refused(PermissionDenied, update_team, cast.actor(name), cast.team, **values)


def test_a_new_team_gives_its_members_the_two_defaults(cast: World) -> None:
    """Rulebook 19."""
    team = create_team(cast.actor("org_admin"), cast.organization, alias="Fresh")
    assert grants.on(team, team.group) == DEFAULT_PERMISSIONS == {Action.VIEW_KEYS, Action.CHECK_KEYS}
    none = create_team(cast.actor("org_admin"), cast.organization, alias="Strict", permissions=frozenset())
    assert grants.on(none, none.group) == frozenset()


def test_null_restores_the_defaults_and_an_empty_list_removes_all(cast: World) -> None:
    """Rulebook 19."""
    admin = cast.actor("team_admin")
    set_member_permissions(admin, cast.team, permissions=frozenset(MEMBER_ACTIONS))
    assert grants.on(cast.team, cast.team.group) == frozenset(MEMBER_ACTIONS)
    set_member_permissions(admin, cast.team, permissions=frozenset())
    assert grants.on(cast.team, cast.team.group) == frozenset()
    set_member_permissions(admin, cast.team, permissions=None)
    assert grants.on(cast.team, cast.team.group) == DEFAULT_PERMISSIONS
    assert AuditEvent.objects.filter(event="team.permissions_updated").count() == 3
    set_member_permissions(admin, cast.team, permissions=None)
    assert AuditEvent.objects.count() == 3


def test_only_the_ten_routes_can_be_given(cast: World) -> None:
    """Rulebook 19."""
    refused(
        ValidationError,
        set_member_permissions,
        cast.actor("proxy_admin"),
        cast.team,
        permissions=frozenset({Action.MANAGE_MEMBERS}),
    )


@pytest.mark.parametrize("name", ["member", "granted", "reader", "auditor", "stranger"])
def test_members_do_not_give_themselves_rights(cast: World, name: str) -> None:
    refused(
        PermissionDenied, set_member_permissions, cast.actor(name), cast.team, permissions=frozenset(MEMBER_ACTIONS)
    )
