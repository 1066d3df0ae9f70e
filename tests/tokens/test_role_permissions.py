"""`role_permissions` bind every caller of a role: by key, by session and by token. They narrow and never widen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from rbacadmin import policy, role_permissions, runtime
from rbacadmin.config_file.shapes import ROUTE_PRESETS, RolePermission
from rbacadmin.policy import Action, Actor
from teams.models import User
from tests.tokens.conftest import Sign
from tests.world import World


@pytest.fixture
def permit(settings: Any) -> Callable[..., None]:
    """`permit("internal_user", routes=["info_routes"])`: the configuration from now on."""

    def configure(role: str, **values: Any) -> None:
        settings.ROLE_PERMISSIONS = [RolePermission.model_validate({"role": role, **values})]

    return configure


def test_the_presets_that_a_file_may_name_exist() -> None:
    from gateway.routes import preset

    assert all(preset(name) for name in ROUTE_PRESETS)


def test_a_route_is_closed_by_key_by_session_and_by_token(
    cast: World, permit: Any, api: Any, browser_of: Any, sign: Sign
) -> None:
    permit("internal_user", routes=["info_routes", "llm_api_routes"])
    person = cast.team_admin
    person.sso_id = "ann"
    person.save()
    body = {"team_id": cast.team.public_id, "team_alias": "renamed"}
    for credential in ({"as_": "team_admin"}, {"token": sign()}):
        assert api("GET", "/team/list", **credential).status_code == 200
        refused = api("POST", "/team/update", body, **credential)
        assert refused.status_code == 403, refused.content
        assert "The role internal_user is not allowed to call this route: /team/update." in refused.text
    page = browser_of("team_admin").post(f"/ui/teams/{cast.team.pk}/edit/", {"alias": "renamed"})
    assert page.status_code == 403
    cast.team.refresh_from_db()
    assert cast.team.alias != "renamed"
    assert api("POST", "/team/update", body, as_="proxy_admin").status_code == 200


def test_nobody_loses_their_own_profile_nor_learns_nothing_of_why(cast: World, permit: Any) -> None:
    permit("internal_user", routes=["/key/info"])
    actor = cast.actor("member")
    assert policy.can(actor, Action.CHANGE_PROFILE, cast.member)
    assert policy.can(actor, Action.EXPLAIN_ACCESS, cast.member)
    assert not policy.can(actor, Action.CALL_MODELS, cast.team)
    decision = policy.explain(actor, Action.CALL_MODELS, cast.team)
    assert "role_permissions do not let the role internal_user do it." in decision.summary()


def test_they_give_nothing(cast: World, permit: Any, api: Any) -> None:
    permit("internal_user", routes=["management_routes"], models=["*"])
    for action in (Action.CREATE_ORGANIZATIONS, Action.CHANGE_SETTINGS, Action.MANAGE_MODELS):
        assert not policy.can(cast.actor("member"), action)
    assert api("POST", "/model/new", {"model_name": "x", "litellm_params": {}}, as_="member").status_code == 403


def test_who_can_agrees_with_can(cast: World, permit: Any) -> None:
    permit("internal_user", routes=["info_routes"])
    for action in (Action.MANAGE_MEMBERS, Action.SEE_TEAMS, Action.CALL_MODELS):
        people = set(policy.who(action, cast.team))
        assert people == {
            user
            for user in User.objects.filter(kind="person", blocked_by="")
            if policy.can(Actor.for_user(user), action, cast.team)
        }


def test_the_master_key_is_the_way_back(cast: World, permit: Any, api: Any) -> None:
    permit("proxy_admin", routes=["info_routes"])
    assert api("POST", "/team/new", {"team_alias": "a"}, as_="proxy_admin").status_code == 403
    assert api("POST", "/team/new", {"team_alias": "a"}, token="sk-1234").status_code == 200


def test_what_is_stored_binds_at_once_and_the_file_decides_over_it(cast: World, permit: Any, api: Any) -> None:
    stored = {"role_permissions": [{"role": "internal_user", "routes": ["info_routes"]}]}
    runtime.change_settings(cast.actor("proxy_admin"), changes={"jwt": stored})
    assert api("POST", "/key/generate", {}, as_="member").status_code == 403
    permit("internal_user_viewer", routes=["info_routes"])
    assert api("POST", "/key/generate", {}, as_="member").status_code == 200
    (row,) = [one for one in runtime.chosen() if one.name == "jwt"]
    assert not row.editable
    assert row.value["role_permissions"][0]["role"] == "internal_user_viewer"


def test_nobody_locks_the_platform_admins_out_of_the_settings(cast: World) -> None:
    for routes, fits in ((["info_routes"], False), (["/settings*", "info_routes"], True), ([], True)):
        stored = {"role_permissions": [{"role": "proxy_admin", "routes": routes}]}
        if fits:
            runtime.change_settings(cast.actor("proxy_admin"), changes={"jwt": stored})
        else:
            with pytest.raises(ValidationError, match="nobody could change this again"):
                runtime.change_settings(cast.actor("proxy_admin"), changes={"jwt": stored})


def test_limits_are_a_default_of_the_role(permit: Any) -> None:
    permit("internal_user", rpm_limit=5, max_budget=1.5, budget_duration="30d")
    limits = role_permissions.limits_of("internal_user")
    assert (limits.rpm_limit, limits.tpm_limit, limits.max_budget, limits.budget_duration) == (
        5, None, 1_500_000_000, "30d",
    )  # fmt: skip
    assert role_permissions.limits_of("proxy_admin") == role_permissions.Limits()
