"""OpenAI's administration API: who may, which organization, how it refuses. Its client's tests have the rest."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keys.models import Key
from orgs.models import Project
from rbacadmin import audit
from rbacadmin.models import Archived, AuditEvent
from rbacadmin.policy import Actor
from teams.models import Membership
from tests.factories import KeyFactory, UserFactory, join, service_key
from tests.support.cells import cells
from tests.usage import Use, book
from tests.world import World, invited

HOME = "/v1/organization"
Api = Callable[..., Any]


def paths(cast: World) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Writes by name: method, path, body."""
    project, colleague = cast.project.prefixed_id, cast.project_member.prefixed_id
    inside, key = f"{HOME}/projects/{project}", cast.here.keys["project_member_project"]
    return {
        "create a project": ("POST", f"{HOME}/projects", {"name": "new"}),
        "rename a project": ("POST", inside, {"name": "renamed"}),
        "archive a project": ("POST", f"{inside}/archive", {}),
        "add to a project": ("POST", f"{inside}/users", {"user_id": cast.reader.prefixed_id, "role": "member"}),
        "take out of a project": ("DELETE", f"{inside}/users/{colleague}", {}),
        "make a service account": ("POST", f"{inside}/service_accounts", {"name": "robot"}),
        "limit a model": ("POST", f"{inside}/rate_limits/rl-gpt-4o", {"max_requests_per_1_minute": 5}),
        "choose models": ("POST", f"{inside}/model_permissions", {"mode": "allow_list", "model_ids": ["gpt-4o"]}),
        "delete another's key": ("DELETE", f"{inside}/api_keys/{key.prefixed_id}", {}),
        "promote somebody": ("POST", f"{HOME}/users/{colleague}", {"role": "owner"}),
        "give a role": (
            "POST",
            f"/v1/projects/{project}/users/{colleague}/roles",
            {"role_id": "role-api-project-owner"},
        ),
        "invite": ("POST", f"{HOME}/invites", {"email": "new@example.com", "role": "reader"}),
        "make an admin key": ("POST", f"{HOME}/admin_api_keys", {"name": "terraform"}),
        "share a project": (
            "POST",
            f"{inside}/groups",
            {"group_id": cast.team.prefixed_id, "role": "role-api-project-member"},
        ),
        "give a group a role": (
            "POST",
            f"{HOME}/groups/{cast.team.prefixed_id}/roles",
            {"role_id": "role-api-organization-reader"},
        ),
        "create a group": ("POST", f"{HOME}/groups", {"name": "crew"}),
        "delete a group": ("DELETE", f"{HOME}/groups/{cast.team.prefixed_id}", {}),
    }


# In the order of `paths`: what an owner of the project, a member of it and a reader of the organization are answered.
PLACES = ("project_owner", "project_member", "reader", "stranger")
EXPECTED = {
    "create a project": (403, 403, 403, 200),
    "rename a project": (200, 403, 404, 404),
    "archive a project": (403, 403, 404, 404),
    "add to a project": (200, 403, 404, 404),
    "take out of a project": (200, 403, 404, 404),
    "make a service account": (200, 403, 404, 404),
    "limit a model": (200, 403, 404, 404),
    "choose models": (403, 403, 404, 404),
    "delete another's key": (200, 200, 404, 404),  # the member's own
    "promote somebody": (404, 403, 404, 404),
    "give a role": (200, 403, 404, 404),
    "invite": (403, 403, 403, 200),
    "make an admin key": (403, 403, 403, 200),
    "share a project": (404, 403, 404, 404),  # its owner does not see the team
    "give a group a role": (404, 404, 404, 404),
    "create a group": (403, 403, 403, 200),
    "delete a group": (404, 404, 404, 404),
}


def test_an_organizations_owner_may_all_of_it(cast: World, api: Api) -> None:
    with cells() as tried:
        for name, (method, path, body) in paths(cast).items():
            if name in ("archive a project", "take out of a project", "delete another's key", "delete a group"):
                continue  # which the others need
            with tried.cell(name):
                answer = api(method, path, body, as_="org_admin")
                assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("name", EXPECTED)
def test_who_may_what(cast: World, api: Api, name: str) -> None:
    """The exact status; refused: nothing changed, and a row in the record, unless there is nothing to be seen."""
    method, path, body = paths(cast)[name]
    with cells() as tried:
        for persona, status in zip(PLACES, EXPECTED[name], strict=True):
            if status == 200 and persona != "stranger":
                continue  # below, alone: it changes what the others are refused
            with tried.cell(persona):
                refused = AuditEvent.objects.filter(outcome="refused")
                before = (refused.count(), Project.objects.count(), Key.objects.count())
                answer = api(method, path, body, as_=persona)
                assert answer.status_code == status, answer.content
                if status != 200:
                    assert set(answer.json()["error"]) >= {"message", "type", "param", "code"}
                    assert (Project.objects.count(), Key.objects.count()) == before[1:]
                if status == 403:
                    assert refused.count() == before[0] + 1
                    assert refused.latest("created_at").door == "openai"
        for persona, status in zip(PLACES[:2], EXPECTED[name], strict=False):
            if status == 200 and (name, persona) != ("take out of a project", "project_member"):
                with tried.cell(persona):
                    answer = api(method, path, body, as_=persona)
                    assert answer.status_code == 200, answer.content
                    break


def test_the_organization_is_the_keys_the_headers_or_the_only_one(cast: World, api: Api) -> None:
    path = f"{HOME}/projects"
    assert api("GET", path, as_="org_admin").status_code == 200
    answer = api("GET", path, as_="proxy_admin")
    assert answer.status_code == 400
    assert cast.organization.prefixed_id in answer.json()["error"]["message"]
    there = {"HTTP_OPENAI_ORGANIZATION": cast.there.organization.prefixed_id}
    names = [row["name"] for row in api("GET", path, as_="proxy_admin", **there).json()["data"]]
    assert names
    assert all(name.startswith("globex") for name in names)
    assert api("GET", path, as_="org_admin", **there).status_code == 404  # theirs is not to be seen
    bound = KeyFactory(user=cast.org_admin, organization=cast.organization).secret
    assert api("GET", path, token=bound, **there).json()["data"][0]["name"].startswith("acme")
    assert api("GET", path, as_="loner").status_code == 403


def test_an_archived_project_is_closed_and_stays_listed(cast: World, api: Api) -> None:
    key, project = cast.here.keys["project_owner_project"], cast.project.prefixed_id
    archived = api("POST", f"{HOME}/projects/{project}/archive", {}, as_="org_admin").json()
    assert (archived["status"], archived["name"]) == ("archived", cast.project.alias)
    assert archived["created_at"] == int(cast.project.created_at.timestamp())
    assert not Key.objects.filter(pk=key.pk).exists()
    assert api("POST", f"{HOME}/projects/{project}/archive", {}, as_="org_admin").json() == archived
    assert Archived.objects.filter(kind="project").count() == 1
    assert api("POST", f"{HOME}/projects/{project}", {"name": "back"}, as_="org_admin").status_code == 409
    listed = api("GET", f"{HOME}/projects?include_archived=true", as_="org_admin").json()["data"]
    assert listed[-1] == archived
    assert api("GET", f"{HOME}/projects/{project}", as_="reader").status_code == 404
    assert api("GET", f"{HOME}/projects/{project}", as_="stranger").status_code == 404


def test_the_last_owner_stays_and_a_409_is_not_repeated(cast: World, api: Api) -> None:
    answer = api("POST", f"{HOME}/users/{cast.org_admin.prefixed_id}", {"role": "reader"}, as_="org_admin")
    assert (answer.status_code, answer["x-should-retry"]) == (409, "false")
    answer = api("POST", f"{HOME}/projects", {"name": cast.project.alias.upper()}, as_="org_admin")
    assert (answer.status_code, answer["x-should-retry"]) == (409, "false")
    assert answer.json()["error"]["param"] == "name"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("method", "path", "body", "param"),
    [
        ("GET", "/projects?limit=0", None, "limit"),
        ("GET", "/projects?after=proj_x", None, "after"),
        ("GET", "/groups?order=up", None, "order"),
        ("POST", "/projects", {"name": ["x"]}, "name"),
        ("POST", "/projects", {}, "name"),
        ("POST", "/projects", {"name": "x", "geography": "moon"}, "geography"),
        ("POST", "/invites", {"email": "x@example.com", "role": "king"}, "role"),
        ("POST", "/invites", {"email": "nobody", "role": "reader"}, None),
        ("POST", "/projects", "{", None),
        ("GET", "/usage/completions", None, "start_time"),
        ("GET", "/usage/completions?start_time=1700000000&limit=32", None, "limit"),
        ("GET", "/costs?start_time=1700000000&page=next", None, "page"),
        ("GET", "/audit_logs?effective_at[gte]=x", None, "effective_at.gte"),
    ],
)
def test_bad_input_is_400_in_openais_envelope(api: Api, method: str, path: str, body: Any, param: str | None) -> None:
    answer = api(method, HOME + path, body, as_="org_admin")
    assert answer.status_code in (400, 404), answer.content
    error = answer.json()["error"]
    assert set(error) >= {"message", "type", "param", "code"}
    assert param is None or error["param"] == param


def test_usage_and_the_record_are_for_who_may_see_them(cast: World, api: Api) -> None:
    book([Use(cast.here.keys["project_owner_project"])])
    audit.record(Actor.master(), "team.updated", cast.team)
    day = f"?start_time={int(time.time()) - 86_400}"
    for persona, lines in (("org_admin", 1), ("project_owner", 1), ("reader", 0), ("stranger", 0)):
        buckets = api("GET", f"{HOME}/usage/completions{day}", as_=persona).json()["data"]
        assert sum(len(bucket["results"]) for bucket in buckets) == lines, persona
    for persona, events in (("org_admin", 1), ("reader", 0), ("stranger", 0)):
        assert len(api("GET", f"{HOME}/audit_logs", as_=persona).json()["data"]) == events, persona


def test_the_owner_of_an_admin_key_is_shown_with_the_role_of_this_moment(cast: World, api: Api) -> None:
    person = UserFactory()
    membership = join(person, cast.organization, "org_admin")
    KeyFactory(user=person, organization=cast.organization, models=["no-default-models"], alias="terraform")

    def role() -> str | None:
        (key,) = [
            one
            for one in api("GET", f"{HOME}/admin_api_keys", as_="org_admin").json()["data"]
            if one["name"] == "terraform"
        ]
        return key["owner"].get("role")

    assert role() == "owner"
    Membership.objects.filter(pk=membership.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert role() is None


def test_a_list_costs_the_same_at_three_rows_and_at_ten(cast: World, api: Api) -> None:
    inside = f"{HOME}/projects/{cast.project.prefixed_id}"
    lists = [
        *(f"{HOME}/{noun}" for noun in ("projects", "users", "admin_api_keys", "invites", "groups", "audit_logs")),
        *(f"{inside}/{noun}" for noun in ("users", "service_accounts", "api_keys", "rate_limits")),
        f"{HOME}/groups/{cast.team.prefixed_id}/users",
    ]

    def counted() -> list[int]:
        found = []
        for path in lists:
            with CaptureQueriesContext(connection) as queries:
                assert api("GET", f"{path}?limit=100", as_="org_admin").status_code == 200
            found.append(len(queries))
        return found

    def grow(number: int) -> None:
        person = UserFactory()
        for scope, role in ((cast.organization, "internal_user"), (cast.project, "member"), (cast.team, "user")):
            join(person, scope, role)
        KeyFactory(user=person, project=cast.project, organization=cast.organization)
        KeyFactory(user=person, organization=cast.organization, models=["no-default-models"], alias=f"admin {number}")
        service_key(project=cast.project)
        invited(person, cast.organization)
        audit.record(Actor.master(), "team.updated", cast.team, number=number)

    grow(0)
    counted()  # what is read once a process
    few = counted()
    for number in range(1, 8):
        grow(number)
    assert counted() == few


def test_the_roles_of_owners_are_read_once(api: Api, cast: World) -> None:
    """By the list itself only where it is asked for those who may (or may not) act there."""
    path = f"{HOME}/projects/{cast.project.prefixed_id}/api_keys"
    Membership.objects.filter(user=cast.project_member, project=cast.project).update(
        expires_at=timezone.now() - timedelta(days=1)
    )
    found: dict[str, set[str]] = {}
    for access in ("any", "active", "inactive"):
        with CaptureQueriesContext(connection) as asked:
            answer = api("GET", f"{path}?owner_project_access={access}", as_="org_admin").json()
        found[access] = {row["id"] for row in answer["data"] if row["owner_project_access"] in (access, "inactive")}
        lists = [one["sql"] for one in asked if 'FROM "keys_key"' in one["sql"] and "LIMIT" in one["sql"]]
        assert any("teams_membership" in sql for sql in lists) is (access != "any"), lists
    assert found["any"] == found["inactive"] == {cast.here.keys["project_member_project"].prefixed_id}
    assert found["active"]
    assert not found["active"] & found["inactive"]
