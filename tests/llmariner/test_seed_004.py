"""The rules of seed 004, sentence by sentence, as LLMariner's clients meet them."""

from typing import Any

import pytest

from gateway.models import CatalogModel
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin.models import AuditEvent
from rbacadmin.policy import INITIAL_ORGANIZATION
from teams.models import Membership
from tests.factories import KeyFactory, OrganizationFactory, UserFactory, join
from tests.llmariner.conftest import Call
from tests.usage import Use, book
from tests.world import World

ALLOWED = ("project_member", "project_owner", "org_admin")


@pytest.mark.parametrize("name", ALLOWED)
def test_a_member_and_an_owner_of_a_project_and_an_owner_of_its_organization_access_it(
    call: Call, cast: World, home: str, project: str, name: str
) -> None:
    assert cast.project.alias in [row["title"] for row in call("GET", f"{home}/projects", as_=name)[1]["projects"]]
    status, key = call("POST", f"{project}/api_keys", {"name": "laptop"}, as_=name)
    assert (status, key["project"]["title"], key["user"]["id"]) == (200, cast.project.alias, getattr(cast, name).email)
    assert call("GET", "/v1/users:getSelf", token=key["secret"])[0] == 200


def test_a_reader_without_a_project_sees_nothing_inside(call: Call, cast: World, home: str, project: str) -> None:
    assert [row["title"] for row in call("GET", "/v1/organizations", as_="reader")[1]["organizations"]] == [
        cast.organization.alias
    ]
    assert call("GET", f"{home}/projects", as_="reader") == (200, {"projects": []})
    for path in ("users", "api_keys"):
        assert call("GET", f"{project}/{path}", as_="reader")[0] == 404
    assert call("POST", f"{project}/api_keys", {"name": "x"}, as_="reader")[0] == 404
    assert call("GET", f"{home}/users", as_="reader")[0] == 403
    assert [row["id"] for row in call("GET", "/v1/users", as_="reader")[1]["users"]] == [cast.reader.email]
    status, told = call("GET", "/v1/users:getSelf", as_="reader")
    assert (status, told["project_role_bindings"]) == (200, []), "upstream says 403"
    assert told["organization_role_bindings"][0]["role"] == "ORGANIZATION_ROLE_READER"


@pytest.mark.parametrize(("name", "status"), [("project_owner", 200), ("org_admin", 200), ("project_member", 403)])
def test_an_owner_of_a_project_and_of_its_organization_manage_it(
    call: Call, cast: World, project: str, name: str, status: int
) -> None:
    body = {"user_id": cast.reader.email, "role": "PROJECT_ROLE_MEMBER"}
    assert call("POST", f"{project}/users", body, as_=name)[0] == status
    assert Membership.objects.filter(user=cast.reader, project=cast.project).exists() == (status == 200)
    change = {"project": {"title": "Renamed"}, "update_mask": "title"}
    assert call("PATCH", project, change, as_=name)[0] == status


@pytest.mark.parametrize(("name", "status"), [("org_admin", 200), ("project_owner", 403), ("reader", 403)])
def test_an_owner_of_an_organization_manages_it(call: Call, home: str, name: str, status: int) -> None:
    """A new address is a member at once."""
    body = {"user_id": "New@Example.com", "role": "ORGANIZATION_ROLE_READER"}
    answered, told = call("POST", f"{home}/users", body, as_=name)
    assert answered == status, told
    assert Membership.objects.filter(user__email="new@example.com").exists() == (status == 200)
    if status == 200:
        assert (told["user_id"], told["internal_user_id"], told["role"]) == ("new@example.com", "", body["role"])
        assert call("POST", f"{home}/users", body, as_=name)[1]["code"] == 6, "a member already"


def test_an_owner_of_the_initial_organization_creates_organizations_and_becomes_their_owner(
    call: Call, cast: World
) -> None:
    assert call("POST", "/v1/organizations", {"title": "Mine"}, as_="org_admin")[0] == 403
    assert not Organization.objects.filter(alias="Mine").exists()
    founder = UserFactory()
    join(founder, OrganizationFactory(pk=INITIAL_ORGANIZATION, alias="initial"), "org_admin")
    token = KeyFactory(user=founder).secret
    status, told = call("POST", "/v1/organizations", {"title": "Mine"}, token=token)
    assert (status, told["is_default"]) == (200, False)
    listed = call("GET", f"/v1/organizations/{told['id']}/users", token=token)[1]["users"]
    assert [(row["user_id"], row["role"]) for row in listed] == [(founder.email, "ORGANIZATION_ROLE_OWNER")]
    status, again = call("POST", "/v1/organizations", {"title": "MINE"}, token=token)
    assert (status, again["code"], again["details"][0]["field_violations"][0]["field"]) == (409, 6, "title")
    assert {event.status for event in AuditEvent.objects.filter(outcome="refused")} == {403, 409}


def test_a_key_belongs_to_the_project_of_the_context_it_was_made_in(call: Call, cast: World) -> None:
    """Rulebook 18: what is named, the key's own, the headers, the only one, or 400 with the list."""

    def place(body: Any = None, **context: str) -> Any:
        status, told = call("POST", "/v1/api_keys", {"name": f"k{Key.objects.count()}", **(body or {})}, **context)
        return told["project"]["id"] if status == 200 else (status, told["message"])

    here, there = cast.project, cast.other_project
    assert place(as_="project_member") == here.prefixed_id, "the only one"
    status, message = place(as_="org_admin")
    assert status == 400
    assert here.prefixed_id in message
    assert there.prefixed_id in message
    in_header = {"Openai_Organization": cast.organization.prefixed_id, "Openai_Project": there.prefixed_id}
    assert place(as_="org_admin", **in_header) == there.prefixed_id
    assert place({"project_id": here.public_id}, as_="org_admin", **in_header) == here.prefixed_id, "named"
    own = cast.keys["project_owner_project"].secret
    assert place(token=own, **in_header) == here.prefixed_id, "the key's own"
    foreign = {**in_header, "Openai_Organization": cast.there.organization.prefixed_id}
    assert place(as_="org_admin", **foreign)[0] == 404, "not in that organization"


def test_models_keys_and_usage_of_a_project_are_visible_to_its_members_only(
    call: Call, cast: World, project: str
) -> None:
    CatalogModel.objects.create(name="tuned", project=cast.project, organization=cast.organization)
    book([Use(cast.keys["project_owner_project"])])
    for name, sees in (("project_member", True), ("project_owner", True), ("reader", False), ("outsider", False)):
        models = {row["id"] for row in call("GET", "/v1/models", as_=name)[1]["data"]}
        assert ("tuned" in models) == sees, name
        keys = [row for row in call("GET", "/v1/api_keys", as_=name)[1]["data"] if "project" in row]
        assert bool(keys) == sees, name
        spend = f"/project/info?project_id={cast.project.public_id}"
        assert (call("GET", spend, as_=name)[0] == 200) == sees, name
    mine = call("GET", f"{project}/api_keys", as_="project_member")[1]["data"]
    assert {row["user"]["id"] for row in mine} == {cast.project_member.email}, "a member's own"
    assert len(call("GET", f"{project}/api_keys", as_="project_owner")[1]["data"]) > len(mine)


PLACES = [
    {"namespace": "gpu", "clusterId": "c1", "nodeSelector": [{"key": "zone", "value": "a"}]},
    {"namespace": "all"},
]


def test_a_projects_namespace_and_assignments_are_kept(call: Call, home: str) -> None:
    status, told = call("POST", f"{home}/projects", {"title": "A", "assignments": PLACES}, as_="org_admin")
    assert (status, told["kubernetes_namespace"]) == (200, "all"), "that of the first without a cluster"
    assert told["assignments"][0] == {
        "cluster_id": "c1",
        "namespace": "gpu",
        "kueue_queue_name": "",
        "node_selector": [{"key": "zone", "value": "a"}],
    }
    status, told = call("POST", f"{home}/projects", {"title": "B", "kubernetes_namespace": "b"}, as_="org_admin")
    assert [entry["namespace"] for entry in told["assignments"]] == ["b"]
    change = {"project": {"title": "ignored", "assignments": [{"namespace": "c"}]}, "update_mask": "assignments"}
    status, told = call("PATCH", f"{home}/projects/{told['id']}", change, as_="org_admin")
    assert (told["title"], told["kubernetes_namespace"]) == ("B", "c"), "what the mask names and nothing else"
    assert Project.objects.get(alias="B").kubernetes_namespace == "c"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kubernetes_namespace": "Not A Label"}, "kubernetes_namespace"),
        ({"kubernetes_namespace": "-x"}, "kubernetes_namespace"),
        ({"assignments": [{"namespace": "UPPER"}]}, "assignments"),
        ({"assignments": [{"cluster_id": "c"}]}, "assignments.0.namespace"),
        ({"kubernetes_namespace": "a", "assignments": [{"namespace": "b"}]}, "kubernetes_namespace"),
        ({}, "kubernetes_namespace"),
    ],
)
def test_a_namespace_is_a_dns_label_and_named_one_way(call: Call, home: str, body: Any, field: str) -> None:
    status, told = call("POST", f"{home}/projects", {"title": "Apollo", **body}, as_="org_admin")
    assert (status, told["code"]) == (400, 3)
    assert told["details"][0]["field_violations"][0]["field"] == field
    assert not Project.objects.filter(alias="Apollo").exists()


@pytest.mark.parametrize(("name", "status"), [("project_owner", 403), ("org_admin", 200), ("proxy_admin", 200)])
def test_only_admins_of_the_organization_and_the_platform_say_where_a_project_runs(
    call: Call, cast: World, project: str, name: str, status: int
) -> None:
    body = {"project": {"title": "New", "assignments": [{"namespace": "gpu"}]}, "update_mask": "title,assignments"}
    assert call("PATCH", project, body, as_=name)[0] == status
    found = Project.objects.get(pk=cast.project.pk)
    assert (found.alias == "New", found.kubernetes_namespace == "gpu") == (status == 200, status == 200), "whole or not"
    assert [event.status for event in AuditEvent.objects.filter(outcome="refused")] == [403] * (status == 403)
