"""Projects over HTTP: names, caps, guards, and that nothing is half done."""

from typing import Any

import pytest

from orgs.models import Project
from rbacadmin.models import AuditEvent
from teams.models import Membership


def test_a_project_is_made_named_and_renamed(api: Any, cast: Any) -> None:
    body = {"organization_id": cast.organization.public_id, "project_alias": "Apollo", "max_budget": 5}
    row = api("POST", "/project/new", body, as_="org_admin").json()
    assert (row["title"], row["max_budget"], row["organization_id"]) == ("Apollo", 5.0, cast.organization.public_id)
    again = api("POST", "/project/new", {**body, "project_alias": "APOLLO"}, as_="org_admin")
    assert (again.status_code, again.json()["detail"]["param"]) == (400, "title")
    renamed = {"project_id": row["project_id"], "title": "Gemini"}
    kept = api("PATCH", "/project/update", renamed, as_="org_admin").json()
    assert (kept["title"], kept["max_budget"]) == ("Gemini", 5.0)


def test_a_project_stays_within_its_organization(api: Any, cast: Any) -> None:
    """Rulebook 14."""
    body = {"project_id": cast.project.public_id, "max_budget": 1001}
    answer = api("POST", "/project/update", body, as_="org_admin")
    assert (answer.status_code, answer.json()["detail"]["param"]) == (400, "max_budget")


def test_the_last_owner_of_a_project_stays(api: Any, cast: Any) -> None:
    """Rulebook 10: unless somebody above takes them away."""
    body = {"project_id": cast.project.public_id, "user_id": cast.project_owner.email}
    refused = api("DELETE", "/project/member_delete", body, as_="project_owner")
    assert (refused.status_code, refused.json()["detail"]["reason"]) == (409, "last_leader")
    assert AuditEvent.objects.get(outcome="refused").status == 409
    assert api("DELETE", "/project/member_delete", body, as_="org_admin").json()["user_id"] == cast.project_owner.email


def test_a_project_owner_names_members_of_the_organization_only(api: Any, cast: Any) -> None:
    """Rulebook 8."""
    member = {"role": "member", "user_id": cast.there.member.email}
    body = {"project_id": cast.project.public_id, "member": member}
    assert api("POST", "/project/member_add", body, as_="project_owner").status_code == 400
    assert not Membership.objects.filter(user=cast.there.member, project=cast.project).exists()


def test_deleting_projects_is_all_or_nothing(api: Any, cast: Any) -> None:
    idents = [cast.project.public_id, cast.there.project.public_id]
    assert api("DELETE", "/project/delete", {"project_ids": idents}, as_="org_admin").status_code == 404
    assert Project.objects.filter(pk=cast.project.pk).exists()
    answer = api("DELETE", "/project/delete", {"project_ids": idents[:1]}, as_="org_admin")
    assert [row["project_id"] for row in answer.json()] == idents[:1]


def test_a_project_lives_where_its_team_does(api: Any, cast: Any) -> None:
    row = api("POST", "/project/new", {"team_id": cast.team.public_id, "title": "Apollo"}, as_="org_admin").json()
    assert row["organization_id"] == cast.organization.public_id
    for named in ({}, {"team_id": cast.team.public_id, "organization_id": cast.there.organization.public_id}):
        answer = api("POST", "/project/new", {"title": "Gemini", **named}, as_="proxy_admin")
        assert answer.status_code == 400, answer.content
    assert (
        api("POST", "/project/new", {"team_id": cast.there.team.public_id, "title": "x"}, as_="org_admin").status_code
        == 404
    )
    assert (
        api("POST", "/project/new", {"team_id": cast.team.public_id, "title": "x"}, as_="team_admin").status_code == 403
    )
    assert Project.objects.filter(organization=cast.organization, alias__in=["Gemini", "x"]).count() == 0


PLACES = [{"namespace": "gpu", "cluster_id": "c1", "node_selector": [{"key": "zone", "value": "a"}]}]


def test_a_project_says_where_its_jobs_run(api: Any, cast: Any) -> None:
    """Seed 004. Omitted is kept, null clears."""
    body = {"organization_id": cast.organization.public_id, "title": "Apollo"}
    row = api(
        "POST", "/project/new", {**body, "kubernetes_namespace": "moon", "assignments": PLACES}, as_="org_admin"
    ).json()
    assert (row["kubernetes_namespace"], row["assignments"], row["project_alias"]) == ("moon", PLACES, "Apollo")
    kept = api("POST", "/project/update", {"project_id": row["project_id"], "rpm_limit": 5}, as_="org_admin").json()
    assert (kept["kubernetes_namespace"], kept["assignments"]) == ("moon", PLACES)
    cleared = {"project_id": row["project_id"], "kubernetes_namespace": None, "assignments": ["everywhere"]}
    row = api("POST", "/project/update", cleared, as_="org_admin").json()
    assert (row["kubernetes_namespace"], row["assignments"]) == (None, [{"namespace": "everywhere"}])
    row = api("POST", "/project/update", {"project_id": row["project_id"], "assignments": None}, as_="org_admin").json()
    assert row["assignments"] == []


def test_a_projects_owner_does_not_choose_where_it_runs(api: Any, cast: Any) -> None:
    for fields in ({"kubernetes_namespace": "elsewhere"}, {"assignments": PLACES}):
        answer = api("POST", "/project/update", {"project_id": cast.project.public_id, **fields}, as_="project_owner")
        assert answer.status_code == 403
    seen = api("GET", f"/project/info?project_id={cast.project.public_id}", as_="project_member").json()
    assert (seen["kubernetes_namespace"], seen["assignments"], seen["is_default"]) == (None, [], False)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kubernetes_namespace": "Not A Label"}, 400),
        ({"kubernetes_namespace": "x" * 64}, 422),
        ({"assignments": ["-x"]}, 400),
        ({"assignments": [{"cluster_id": "c"}]}, 422),
        ({"assignments": "gpu"}, 422),
        ({"assignments": ["gpu"] * 101}, 422),
        ({"assignments": [{"namespace": "gpu", "node_selector": [{"key": ""}]}]}, 422),
    ],
)
def test_a_place_that_is_none_is_refused(api: Any, cast: Any, fields: dict[str, Any], status: int) -> None:
    answer = api("POST", "/project/update", {"project_id": cast.project.public_id, **fields}, as_="org_admin")
    assert answer.status_code == status, answer.content
    assert next(iter(fields)) in answer.content.decode()
    project = Project.objects.get(pk=cast.project.pk)
    assert (project.kubernetes_namespace, project.assignments) == ("", [])
