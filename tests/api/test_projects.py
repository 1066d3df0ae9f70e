"""Projects over HTTP: names, caps, guards, and that nothing is half done."""

from typing import Any

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
