"""Each promise in the tables of both dialects' pages has its test; here are those that stand nowhere else."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keys.models import Key
from rbacadmin.models import Archived, AuditEvent
from teams.models import Membership
from tests.api.conftest import MASTER
from tests.factories import KeyFactory, UserFactory, join
from tests.support.server import ROOT
from tests.world import World

pytestmark = pytest.mark.sqlite
HOME = "/v1/organization"
Api = Callable[..., Any]
HERE = "tests/api/test_what_holds.py"
ADMINISTRATION, CLIENT = "tests/api/test_administration.py", "tests/clients/test_openai_administration.py"
RIGHT, OPERATIONS = "tests/llmariner/test_done_right.py", "tests/llmariner/test_operations.py"
REFUSED = f"{OPERATIONS}::test_who_may_do_what_and_a_refusal_changes_nothing_and_is_on_record"
RULES = "tests/llmariner/test_rules_of_the_seed.py"
# How a row begins -> where its test is.
TESTS: dict[str, dict[str, str]] = {
    "docs/llmariner.md#What is done right": {
        "a deleted project leaves its keys": f"{RIGHT}::test_deleting_a_project_takes_its_keys_along",
        "who leaves an organization": f"{RIGHT}::test_leaving_an_organization_takes_projects_and_keys_along",
        "the last owner": f"{RIGHT}::test_the_last_owner_stays",
        "members exempt their own keys": f"{RIGHT}::test_nobody_below_the_platform_exempts_keys_from_rate_limits",
        "changing only that flag": f"{RIGHT}::test_nobody_below_the_platform_exempts_keys_from_rate_limits",
        "deleting a service account's key": f"{RIGHT}::test_a_service_account_manages_nothing_and_goes_with_its_key",
        "what you have no role in": REFUSED,
        "a key that you may not delete": REFUSED,
        "a reader without a project": (
            f"{RULES}::test_a_reader_cannot_access_resources_of_the_organization_unless_added_to_a_project"
        ),
        "keys manage nothing": f"{RULES}::test_a_user_can_manage_an_organization_as_its_owner",
        "secrets are stored in the clear": f"{HERE}::test_a_secret_is_shown_once_and_stored_nowhere",
        "two tenants cannot": f"{HERE}::test_two_organizations_each_have_a_service_account_of_the_same_name",
        "changes take effect": (
            f"{RULES}::test_a_reader_cannot_access_resources_of_the_organization_unless_added_to_a_project"
        ),
        "no role change": f"{HERE}::test_a_role_is_changed_and_the_keys_stay",
        "project titles": f"{RULES}::test_one_or_more_organizations_are_defined_and_in_each_one_or_more_projects",
    },
    "docs/openai-administration.md#What holds here": {
        "the keys of an archived project": f"{ADMINISTRATION}::test_an_archived_project_is_closed_and_stays_listed",
        "the keys of whoever is taken out": f"{HERE}::test_who_is_taken_out_leaves_no_key_behind",
        "the last owner": f"{ADMINISTRATION}::test_the_last_owner_stays_and_a_409_is_not_repeated",
        "rate limits": f"{HERE}::test_a_member_lifts_no_limit",
        "more than one holds": f"{HERE}::test_nobody_hands_out_more_than_they_hold",
        "service accounts": f"{HERE}::test_a_service_account_manages_nothing",
        "an admin key": f"{HERE}::test_an_admin_key_loses_what_its_maker_loses",
        "secrets": f"{HERE}::test_a_secret_is_shown_once_and_stored_nowhere",
        "what one does not see": f"{ADMINISTRATION}::test_who_may_what",
        "a refused attempt": f"{ADMINISTRATION}::test_who_may_what",
        "input that makes no sense": f"{ADMINISTRATION}::test_bad_input_is_400_in_openais_envelope",
    },
}


@pytest.mark.parametrize("table", TESTS)
def test_every_promise_has_its_test(table: str) -> None:
    page, title = table.split("#")
    section = (ROOT / page).read_text().split(f"## {title}")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| .+ \|$", section, re.MULTILINE)[1:]
    assert rows
    found = {row: [begin for begin in TESTS[table] if row.startswith(begin)] for row in rows}
    assert {row: begins for row, begins in found.items() if len(begins) != 1} == {}
    assert len(rows) == len(TESTS[table])
    for named in TESTS[table].values():
        path, name = named.split("::")
        assert f"def {name}(" in Path(ROOT / path).read_text(), named


@pytest.fixture
def inside(cast: World) -> str:
    return f"{HOME}/projects/{cast.project.prefixed_id}"


def here_of(cast: World) -> dict[str, str]:
    return {"HTTP_OPENAI_ORGANIZATION": cast.organization.prefixed_id}


def test_who_is_taken_out_leaves_no_key_behind(cast: World, api: Api, inside: str) -> None:
    key, person = cast.keys["project_member_project"], cast.project_member
    assert api("DELETE", f"{inside}/users/{person.prefixed_id}", as_="project_owner").status_code == 200
    assert not Key.objects.filter(pk=key.pk).exists()
    assert Archived.objects.filter(kind="key", object_id=key.pk).exists()
    join(person, cast.project, "member")
    again = KeyFactory(user=person, project=cast.project, organization=cast.organization)
    assert api("DELETE", f"{HOME}/users/{person.prefixed_id}", as_="org_admin").status_code == 200
    assert not Key.objects.filter(pk=again.pk).exists()
    assert not Membership.objects.filter(user=person, organization=cast.organization).exists()


def test_a_member_lifts_no_limit(cast: World, api: Api, inside: str) -> None:
    limit = {"max_requests_per_1_minute": 1000}
    assert api("POST", f"{inside}/rate_limits/rl-gpt-4o", limit, as_="project_member").status_code == 403
    cast.project.rpm_limit = 10
    cast.project.save()
    for persona, status in (("project_owner", 403), ("org_admin", 200)):
        answer = api("POST", f"{inside}/rate_limits/rl-gpt-4o", {"max_requests_per_1_minute": 5}, as_="org_admin")
        assert answer.status_code == 200, answer.content
        raised = api("POST", f"{inside}/rate_limits/rl-gpt-4o", {"max_requests_per_1_minute": 8}, as_=persona)
        assert raised.status_code == status, raised.content
    key = cast.keys["project_member_project"]
    Key.objects.filter(pk=key.pk).update(rpm_limit=2)
    body = {"key": key.public_id, "rpm_limit": 5}
    assert api("POST", "/key/update", body, as_="project_member").status_code == 403
    key.refresh_from_db()
    assert key.rpm_limit == 2


def test_nobody_hands_out_more_than_they_hold(cast: World, api: Api, inside: str) -> None:
    member = cast.project_member.prefixed_id
    assert api("POST", f"{HOME}/users/{member}", {"role": "owner"}, as_="project_owner").status_code == 404
    assert api("POST", f"{inside}/users/{member}", {"role": "owner"}, as_="project_member").status_code == 403
    key = cast.keys["project_member_project"].prefixed_id
    held: dict[str, Any] = {"scopes": ["api.all.read"]}
    assert api("POST", f"{inside}/api_keys/{key}", held, as_="proxy_admin", **here_of(cast)).status_code == 200
    assert api("POST", f"{inside}/api_keys/{key}", {"scopes": []}, as_="project_owner").status_code == 403
    assert api("POST", f"{inside}/model_permissions", {"mode": "allow_list", "model_ids": ["gpt-4o"]},
               as_="project_owner").status_code == 403  # fmt: skip
    assert AuditEvent.objects.filter(outcome="refused").count() >= 3


def test_a_service_account_manages_nothing(cast: World, api: Api, inside: str) -> None:
    made = api("POST", f"{inside}/service_accounts", {"name": "robot"}, as_="org_admin").json()
    secret = made["api_key"]["value"]
    assert made["role"] == "member"
    body = {"user_id": cast.reader.prefixed_id, "role": "owner"}
    assert api("POST", f"{inside}/users", body, token=secret).status_code == 403
    assert api("POST", f"{inside}/service_accounts", {"name": "more"}, token=secret).status_code == 403
    assert api("POST", f"{HOME}/projects", {"name": "more"}, token=secret).status_code == 403
    assert api("GET", "/v1/models", token=secret).status_code == 200


def test_an_admin_key_loses_what_its_maker_loses(cast: World, api: Api) -> None:
    second = UserFactory()
    join(second, cast.organization, "org_admin")
    held = KeyFactory(user=second, organization=cast.organization).secret
    made = api("POST", f"{HOME}/admin_api_keys", {"name": "terraform"}, token=held).json()["value"]
    assert api("POST", f"{HOME}/projects", {"name": "by it"}, token=made).status_code == 200
    answer = api("POST", f"{HOME}/users/{second.prefixed_id}", {"role": "reader"}, as_="org_admin")
    assert answer.status_code == 200, answer.content
    assert api("POST", f"{HOME}/projects", {"name": "no more"}, token=made).status_code == 403


def test_an_admin_key_is_a_persons_also_where_the_master_key_asks(cast: World, api: Api) -> None:
    refused = api("POST", f"{HOME}/admin_api_keys", {"name": "x"}, token=MASTER, **here_of(cast))
    assert (refused.status_code, "person's key" in refused.json()["error"]["message"]) == (400, True)
    body = {"user_id": cast.org_admin.public_id, "organization_id": cast.organization.public_id}
    held = api("POST", "/key/generate", body, token=MASTER).json()["key"]
    made = api("POST", f"{HOME}/admin_api_keys", {"name": "x"}, token=held)
    assert made.status_code == 200, made.content
    assert api("GET", f"{HOME}/projects", token=made.json()["value"]).status_code == 200


def test_a_secret_is_shown_once_and_stored_nowhere(cast: World, api: Api, inside: str) -> None:
    made = api("POST", f"{inside}/service_accounts", {"name": "robot"}, as_="org_admin").json()["api_key"]
    assert made["value"].startswith("sk-")
    (row,) = Key.objects.filter(Key.named(made["id"])).values()
    assert made["value"] not in str(row)
    for path in (f"{inside}/api_keys", f"{inside}/api_keys/{made['id']}", "/v1/api_keys"):
        answer = api("GET", path, as_="org_admin")
        assert answer.status_code == 200
        assert made["value"] not in answer.content.decode()


def test_two_organizations_each_have_a_service_account_of_the_same_name(cast: World, api: Api) -> None:
    for side in (cast.here, cast.there):
        path = f"/v1/organizations/{side.organization.prefixed_id}/projects/{side.project.prefixed_id}/api_keys"
        made = api("POST", path, {"name": "ci", "is_service_account": True}, as_="proxy_admin")
        assert made.json()["user"]["id"] == "system:serviceaccount:ci", made.content


def test_a_role_is_changed_and_the_keys_stay(cast: World, api: Api) -> None:
    key = cast.keys["project_member_project"]
    body = {"project_id": cast.project.public_id, "user_id": cast.project_member.public_id, "role": "owner"}
    assert api("POST", "/project/member_update", body, as_="org_admin").status_code == 200
    assert Membership.objects.get(user=cast.project_member, project=cast.project).role == "owner"
    assert Key.objects.filter(pk=key.pk).exists()
