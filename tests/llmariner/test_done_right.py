"""What upstream does badly is done right here; docs/llmariner.md lists it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keys.models import Key
from rbacadmin.models import Archived, AuditEvent
from teams.models import Membership, User
from tests.factories import KeyFactory, ProjectFactory, UserFactory, join
from tests.llmariner.conftest import Call
from tests.support.cells import cells
from tests.world import World


def test_deleting_a_project_takes_its_keys_along(call: Call, cast: World, project: str) -> None:
    secret = cast.keys["project_member_project"].secret
    assert call("DELETE", project, as_="org_admin")[1]["deleted"] is True
    assert not Key.objects.filter(project_id=cast.project.pk).exists()
    assert call("GET", "/v1/users:getSelf", token=secret)[1]["code"] == 16
    assert call("GET", "/v1/api_keys", as_="org_admin")[0] == 200, "upstream: 500"


def test_leaving_an_organization_takes_projects_and_keys_along(call: Call, cast: World, home: str) -> None:
    assert call("DELETE", f"{home}/users/{cast.project_member.email}", as_="org_admin") == (200, {})
    assert not Membership.objects.filter(user=cast.project_member).exists()
    assert Archived.objects.filter(kind="key", name="project_member-project").exists()
    assert not Key.objects.filter(user=cast.project_member, project=cast.project).exists()


def test_the_last_owner_stays(call: Call, cast: World, home: str, project: str) -> None:
    organization, inside = f"{home}/users/{cast.org_admin.email}", f"{project}/users/{cast.project_owner.email}"
    for path, name in ((organization, "org_admin"), (inside, "project_owner")):
        status, told = call("DELETE", path, as_=name)
        assert (status, told["code"], told["details"][0]["reason"]) == (409, 10, "LAST_LEADER")
    assert AuditEvent.objects.filter(outcome="refused", status=409).count() == len((home, project))


@pytest.mark.parametrize("name", ["project_member", "project_owner", "org_admin"])
def test_nobody_below_the_platform_exempts_keys_from_rate_limits(
    call: Call, cast: World, project: str, name: str
) -> None:
    body = {"name": "fast", "excluded_from_rate_limiting": True}
    assert call("POST", f"{project}/api_keys", body, as_=name)[0] == 403
    change = {"api_key": {"excludedFromRateLimiting": True}, "update_mask": "excludedFromRateLimiting"}
    key = cast.keys[f"{name}_project" if name != "org_admin" else "project_owner_project"]
    assert call("PATCH", f"/v1/api_keys/{key.prefixed_id}", change, as_=name)[0] == 403
    assert not Key.objects.filter(excluded_from_rate_limiting=True).exists()
    status, told = call("PATCH", f"/v1/api_keys/{key.prefixed_id}", change, as_="proxy_admin")
    assert (status, told["excluded_from_rate_limiting"], told["name"]) == (200, True, key.alias), "without a name, too"


def test_a_service_account_manages_nothing_and_goes_with_its_key(call: Call, cast: World, project: str) -> None:
    body = {"name": "ci", "is_service_account": True, "role": "ORGANIZATION_ROLE_OWNER"}
    assert call("POST", f"{project}/api_keys", body, as_="org_admin")[0] == 400, "a role that it would never have"
    assert call("POST", f"{project}/api_keys", {**body, "role": None}, as_="project_member")[0] == 403
    status, made = call(
        "POST", f"{project}/api_keys", {**body, "role": "ORGANIZATION_ROLE_READER"}, as_="project_owner"
    )
    assert (status, made["user"]) == (200, {"id": "system:serviceaccount:ci", "is_service_account": True})
    told = call("GET", "/v1/users:getSelf", token=made["secret"])[1]
    assert (told["id"], told["project_role_bindings"][0]["role"]) == (made["user"]["id"], "PROJECT_ROLE_MEMBER")
    accounts = User.objects.filter(kind="service").count()
    assert call("DELETE", f"/v1/api_keys/{made['id']}", as_="project_owner")[1]["object"] == "users.api_key"
    assert User.objects.filter(kind="service").count() == accounts - 1


def test_a_secret_is_shown_once_and_masked_ever_after(call: Call, project: str) -> None:
    secret = call("POST", f"{project}/api_keys", {"name": "laptop"}, as_="project_member")[1]["secret"]
    rows = call("GET", f"{project}/api_keys", as_="project_member")[1]["data"]
    (found,) = [row["secret"] for row in rows if row["name"] == "laptop"]
    assert (found[:5], set(found[5:-2]), found[-2:]) == (secret[:5], {"*"}, secret[-2:])


def test_an_organization_with_projects_and_the_initial_project_are_not_deleted(
    call: Call, cast: World, home: str, project: str
) -> None:
    status, told = call("DELETE", home, as_="proxy_admin")
    assert (status, told["details"][0]["reason"]) == (409, "NOT_EMPTY")
    cast.project.is_default = True
    cast.project.save()
    assert call("DELETE", project, as_="proxy_admin")[0] == 409


@pytest.mark.parametrize("mask", [None, "", ",", "kubernetes_namespace", "title,secret"])
def test_a_mask_names_what_may_be_changed(call: Call, project: str, mask: Any) -> None:
    body = {"project": {"title": "x"}, **({} if mask is None else {"update_mask": mask})}
    status, told = call("PATCH", project, body, as_="org_admin")
    assert (status, told["details"][0]["field_violations"][0]["field"]) == (400, "update_mask")


@pytest.mark.parametrize("role", ["", "ORGANIZATION_ROLE_UNSPECIFIED", "ORGANIZATION_ROLE_TENANT_SYSTEM", "king"])
def test_an_unknown_role_is_400_with_the_words_that_are_known(call: Call, home: str, role: str) -> None:
    status, told = call("POST", f"{home}/users", {"user_id": "new@example.com", "role": role}, as_="org_admin")
    assert status == 400
    assert "ORGANIZATION_ROLE_OWNER, ORGANIZATION_ROLE_READER" in told["message"]
    assert not User.objects.filter(email="new@example.com").exists()


def test_a_key_of_one_project_is_not_found_in_another(call: Call, cast: World, home: str) -> None:
    key = cast.keys["project_member_project"]
    path = f"{home}/projects/{cast.other_project.prefixed_id}/api_keys/{key.prefixed_id}"
    assert call("DELETE", path, as_="org_admin")[0] == 404
    assert Key.objects.filter(pk=key.pk).exists()


def test_a_key_that_is_held_to_reading_writes_nothing_here(call: Call, cast: World) -> None:
    """Such keys are held to paths; these paths write by other methods, so they stay shut."""
    key = KeyFactory(user=cast.proxy_admin, allowed_routes=["info_routes"])
    assert call("POST", "/v1/organizations", {"title": "x"}, token=key.secret)[0] == 403
    assert call("GET", "/v1/users:getSelf", token=key.secret)[0] == 200


LISTS = ("/v1/organizations?includeSummary=true", "{home}/users", "{home}/projects?include_summary=true")
INSIDE = ("{project}/users", "{project}/api_keys", "/v1/api_keys", "/v1/users", "/v1/users:getSelf")


def test_a_list_costs_the_same_at_three_rows_and_at_thirty(call: Call, cast: World, home: str, project: str) -> None:
    paths = [path.format(home=home, project=project) for path in (*LISTS, *INSIDE)]

    def costs(name: str) -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert call("GET", path, as_=name)[0] in (200, 403, 404)
            found.append(len(queries))
        return found

    costs("org_admin")  # what is read once a process
    before = {name: costs(name) for name in ("org_admin", "project_member")}
    for _ in range(30):
        person = UserFactory()
        join(person, cast.project, "member")
        join(cast.project_member, ProjectFactory(organization=cast.organization), "member")
        KeyFactory(user=person, project=cast.project, organization=cast.organization)
    with cells() as tried:
        for name, few in before.items():
            for path, then, now in zip(paths, few, costs(name), strict=True):
                with tried.cell(f"{name} {path}"):
                    assert now <= then < 16, (then, now)
