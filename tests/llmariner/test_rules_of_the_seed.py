"""The rules of seed 004, as LLMariner's clients meet them: each sentence of the seed is the name of a test."""

from time import time
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


def test_one_or_more_organizations_are_defined_and_in_each_one_or_more_projects(call: Call, cast: World) -> None:
    """Two organizations may each have a project of the same title; upstream holds titles unique for all of them."""
    made = [call("POST", "/v1/organizations", {"title": title}, as_="proxy_admin")[1]["id"] for title in ("A", "B")]
    for home in made:
        for title in ("search", "chat"):
            body = {"title": title, "kubernetes_namespace": title}
            status, told = call("POST", f"/v1/organizations/{home}/projects", body, as_="proxy_admin")
            assert (status, told["organization_id"], told["title"]) == (200, home, title)
        again = {"title": "SEARCH", "kubernetes_namespace": "search"}
        assert call("POST", f"/v1/organizations/{home}/projects", again, as_="proxy_admin")[0] == 409
    assert Project.objects.filter(alias="search").count() == len(made)


def test_an_organization_role_is_either_owner_or_reader(call: Call, home: str) -> None:
    for word in ("OWNER", "READER"):
        body = {"user_id": f"{word}@example.com", "role": f"ORGANIZATION_ROLE_{word}"}
        assert call("POST", f"{home}/users", body, as_="org_admin")[1]["role"] == body["role"]
    for role in ("ORGANIZATION_ROLE_MEMBER", "PROJECT_ROLE_OWNER", "ORGANIZATION_ROLE_TENANT_SYSTEM"):
        assert call("POST", f"{home}/users", {"user_id": "x@example.com", "role": role}, as_="org_admin")[0] == 400


def test_a_project_role_is_either_owner_or_member(call: Call, cast: World, project: str) -> None:
    for person, word in ((cast.reader, "OWNER"), (cast.outsider, "MEMBER")):
        body = {"user_id": person.email, "role": f"PROJECT_ROLE_{word}"}
        assert call("POST", f"{project}/users", body, as_="org_admin")[1]["role"] == body["role"]
    for role in ("PROJECT_ROLE_READER", "ORGANIZATION_ROLE_OWNER"):
        assert call("POST", f"{project}/users", {"user_id": cast.member.email, "role": role}, as_="org_admin")[0] == 400


def test_a_reader_and_member_uses_the_project_without_any_privilege_to_manage(
    call: Call, cast: World, home: str, project: str
) -> None:
    assert call("POST", f"{project}/api_keys", {"name": "mine"}, as_="project_member")[0] == 200
    before = Membership.objects.count(), Project.objects.count(), Organization.objects.count()
    for method, path, body in (
        ("POST", "/v1/organizations", {"title": "More"}),
        ("POST", f"{home}/users", {"user_id": "x@example.com", "role": "ORGANIZATION_ROLE_READER"}),
        ("DELETE", f"{home}/users/{cast.reader.email}", None),
        ("POST", f"{home}/projects", {"title": "More", "kubernetes_namespace": "more"}),
        ("PATCH", project, {"project": {"title": "More"}, "update_mask": "title"}),
        ("DELETE", project, None),
        ("POST", f"{project}/users", {"user_id": cast.reader.email, "role": "PROJECT_ROLE_MEMBER"}),
        ("DELETE", f"{project}/users/{cast.project_owner.email}", None),
        ("POST", f"{project}/api_keys", {"name": "ci", "is_service_account": True}),
    ):
        assert call(method, path, body, as_="project_member")[0] in (403, 404), (method, path)
    assert (Membership.objects.count(), Project.objects.count(), Organization.objects.count()) == before
    assert AuditEvent.objects.filter(outcome="refused", actor_user_id=cast.project_member.pk).count() == 9


@pytest.mark.parametrize("name", ALLOWED)
def test_a_user_can_access_a_project_as_its_member_as_its_owner_or_as_an_owner_of_its_organization(
    call: Call, cast: World, home: str, project: str, name: str
) -> None:
    assert cast.project.alias in [row["title"] for row in call("GET", f"{home}/projects", as_=name)[1]["projects"]]
    status, key = call("POST", f"{project}/api_keys", {"name": "laptop"}, as_=name)
    assert (status, key["project"]["title"], key["user"]["id"]) == (200, cast.project.alias, getattr(cast, name).email)
    assert call("GET", "/v1/users:getSelf", token=key["secret"])[0] == 200


def test_a_reader_cannot_access_resources_of_the_organization_unless_added_to_a_project(
    call: Call, cast: World, home: str, project: str
) -> None:
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
    body = {"user_id": cast.reader.email, "role": "PROJECT_ROLE_MEMBER"}
    assert call("POST", f"{project}/users", body, as_="project_owner")[0] == 200
    assert [row["title"] for row in call("GET", f"{home}/projects", as_="reader")[1]["projects"]] == [
        cast.project.alias
    ]
    assert call("POST", f"{project}/api_keys", {"name": "x"}, as_="reader")[0] == 200, "at once"


@pytest.mark.parametrize(("name", "status"), [("project_owner", 200), ("org_admin", 200), ("project_member", 403)])
def test_a_user_can_manage_a_project_as_its_owner_or_as_an_owner_of_its_organization(
    call: Call, cast: World, project: str, name: str, status: int
) -> None:
    body = {"user_id": cast.reader.email, "role": "PROJECT_ROLE_MEMBER"}
    assert call("POST", f"{project}/users", body, as_=name)[0] == status
    assert Membership.objects.filter(user=cast.reader, project=cast.project).exists() == (status == 200)
    change = {"project": {"title": "Renamed"}, "update_mask": "title"}
    assert call("PATCH", project, change, as_=name)[0] == status


@pytest.mark.parametrize(("name", "status"), [("org_admin", 200), ("project_owner", 403), ("reader", 403)])
def test_a_user_can_manage_an_organization_as_its_owner(call: Call, home: str, name: str, status: int) -> None:
    """A new address is a member at once."""
    body = {"user_id": "New@Example.com", "role": "ORGANIZATION_ROLE_READER"}
    answered, told = call("POST", f"{home}/users", body, as_=name)
    assert answered == status, told
    assert Membership.objects.filter(user__email="new@example.com").exists() == (status == 200)
    if status == 200:
        assert (told["user_id"], told["internal_user_id"], told["role"]) == ("new@example.com", "", body["role"])
        assert call("POST", f"{home}/users", body, as_=name)[1]["code"] == 6, "a member already"


def test_a_user_can_create_an_organization_as_an_owner_of_the_initial_one(call: Call, cast: World) -> None:
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


def test_a_new_key_is_associated_with_the_project_in_the_context(call: Call, cast: World) -> None:
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


# Who sees what is inside of a project: its people, whoever runs its organization or the platform; nobody else.
SIGHT = {
    **dict.fromkeys((*ALLOWED, "proxy_admin", "auditor"), True),
    **dict.fromkeys(("reader", "outsider", "stranger", "loner"), False),
}


@pytest.mark.parametrize(("name", "sees"), SIGHT.items())
def test_a_model_of_a_project_is_only_visible_from_its_members(call: Call, cast: World, name: str, sees: bool) -> None:
    CatalogModel.objects.create(name="tuned", project=cast.project, organization=cast.organization)
    assert ("tuned" in {row["id"] for row in call("GET", "/v1/models", as_=name)[1]["data"]}) == sees
    assert (call("GET", "/v1/models/tuned", as_=name)[0] == 200) == sees
    here = {"Openai_Project": cast.project.prefixed_id}
    assert call("GET", "/v1/models", as_=name, **here)[0] == (200 if sees else 404)


@pytest.mark.parametrize(("name", "sees"), SIGHT.items())
def test_keys_and_usage_of_a_project_are_only_visible_from_its_members(
    call: Call, cast: World, project: str, name: str, sees: bool
) -> None:
    book([Use(cast.keys["project_owner_project"])])
    listed = [row["project"]["id"] for row in call("GET", "/v1/api_keys", as_=name)[1]["data"] if "project" in row]
    assert (cast.project.prefixed_id in listed) == sees
    assert call("GET", f"{project}/api_keys", as_=name)[0] == (200 if sees else 404)
    assert call("GET", f"/project/info?project_id={cast.project.public_id}", as_=name)[0] == (200 if sees else 404)
    day = f"start_time={int(time()) - 86400}&project_ids[]={cast.project.prefixed_id}"
    here = {"OpenAI_Organization": cast.organization.prefixed_id}
    status, told = call("GET", f"/v1/organization/usage/completions?{day}", as_=name, **here)
    counted = [row["num_model_requests"] for bucket in told.get("data", ()) for row in bucket["results"]]
    assert (status == 200 and bool(counted)) == (sees and name != "project_member"), "what all spend is for who leads"


def test_a_member_sees_their_own_keys_and_an_owner_all(call: Call, cast: World, project: str) -> None:
    mine = call("GET", f"{project}/api_keys", as_="project_member")[1]["data"]
    assert {row["user"]["id"] for row in mine} == {cast.project_member.email}
    assert len(call("GET", f"{project}/api_keys", as_="project_owner")[1]["data"]) > len(mine)
