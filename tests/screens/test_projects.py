"""The screens of projects: the list, one project, making, changing, blocking and ending them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from dashboard.projects.assignments import AssignmentsField, line, parsed
from gateway.models import Spend
from orgs.models import Project
from rbacadmin.models import AuditEvent
from teams.models import Membership
from tests.factories import KeyFactory
from tests.world import World

Browser = Callable[[str], Client]
SECTIONS = ("detail", "members", "keys", "service-accounts", "history")


def url(name: str, project: Project, *more: Any) -> str:
    return reverse(f"project-{name}", args=[project.pk, *more])


def new(browser: Client, world: World, **fields: str) -> Any:
    return browser.post("/ui/projects/new/", {"organization": str(world.organization.pk), **fields})


def test_an_admin_makes_one_in_their_organization(cast: World, browser_of: Browser) -> None:
    lines = "training cluster:eu-1 queue:gpu accelerator=a100\nbatch"
    answer = new(browser_of("org_admin"), cast, alias="vision", kubernetes_namespace="vision", assignments=lines)
    made = Project.objects.get(alias="vision")
    assert answer["Location"] == url("members", made)
    assert made.organization == cast.organization
    assert made.assignments == [
        {
            "namespace": "training",
            "cluster_id": "eu-1",
            "kueue_queue_name": "gpu",
            "node_selector": [{"key": "accelerator", "value": "a100"}],
        },
        {"namespace": "batch"},
    ]


def test_not_in_another_organization(cast: World, browser_of: Browser) -> None:
    fields = {"alias": "theirs", "organization": str(cast.there.organization.pk)}
    assert browser_of("org_admin").post("/ui/projects/new/", fields).status_code == 422
    assert browser_of("member").post("/ui/projects/new/", fields).status_code == 403
    assert not Project.objects.filter(alias="theirs").exists()


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("max_budget", "1001", "at most"),
        ("models", "mistral", "does not have"),
        ("kubernetes_namespace", "Not A Label", "DNS label"),
        ("assignments", "training whatever", "neither"),
        ("assignments", "UPPER", "DNS label"),
    ],
)
def test_what_is_wrong_stands_next_to_the_field(
    cast: World, browser_of: Browser, field: str, value: str, problem: str
) -> None:
    answer = new(browser_of("org_admin"), cast, alias="wrong", **{field: value})
    assert answer.status_code == 422
    assert problem in " ".join(answer.context["form"].errors[field])
    assert not Project.objects.filter(alias="wrong").exists()


def test_its_owner_renames_and_lowers_but_neither_raises_nor_places(cast: World, browser_of: Browser) -> None:
    browser, project = browser_of("project_owner"), cast.project
    form = browser.get(url("edit", project)).context["form"]
    assert form.fields["kubernetes_namespace"].disabled
    assert form.fields["models"].disabled
    assert (
        browser.post(url("edit", project), {"alias": "study", "max_budget": "50", "rpm_limit": "100"}).status_code
        == 302
    )
    project.refresh_from_db()
    assert (project.alias, project.max_budget) == ("study", 50 * 10**9)
    raised = browser.post(url("edit", project), {"alias": "study", "max_budget": "60", "rpm_limit": "100"})
    assert raised.status_code == 403
    project.refresh_from_db()
    assert project.max_budget == 50 * 10**9


def test_saving_without_a_change_changes_nothing(cast: World, browser_of: Browser) -> None:
    project = cast.project
    project.assignments = [{"namespace": "a", "node_selector": [{"key": "x", "value": "two words"}]}]
    project.save()
    browser = browser_of("org_admin")
    form = browser.get(url("edit", project)).context["form"]
    browser.post(url("edit", project), {name: form[name].value() or "" for name in form.fields})
    assert not AuditEvent.objects.filter(event="project.updated", object_id=str(project.pk)).exists()


def test_block_reset_and_delete(cast: World, browser_of: Browser) -> None:
    browser, project = browser_of("org_admin"), cast.project
    browser.post(url("block", project))
    project.refresh_from_db()
    assert project.blocked_by == "organization"
    browser.post(url("unblock", project))
    spend = Spend.objects.create(object_id=project.pk, kind="project", current=5 * 10**9, lifetime=5 * 10**9)
    assert "Reset the spend" in browser.get(url("detail", project)).content.decode()
    assert browser_of("project_owner").post(url("reset", project)).status_code == 403
    browser.post(url("reset", project))
    spend.refresh_from_db()
    assert (spend.current, spend.lifetime) == (0, 5 * 10**9)
    assert browser.post(url("delete", project), {"typed": "no"}).status_code == 422
    assert browser.post(url("delete", project), {"typed": project.alias}).status_code == 302
    assert not Project.objects.filter(pk=project.pk).exists()


def test_the_default_project_has_no_button_to_end_it(cast: World, browser_of: Browser) -> None:
    Project.objects.filter(pk=cast.project.pk).update(is_default=True)
    browser = browser_of("org_admin")
    assert url("delete", cast.project) not in browser.get(url("detail", cast.project)).content.decode()
    assert browser.post(url("delete", cast.project), {"typed": cast.project.alias}).status_code == 409


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("name", ["org_admin", "project_owner", "project_member", "auditor"])
def test_every_section_opens_for_those_in_it(cast: World, browser_of: Browser, section: str, name: str) -> None:
    assert browser_of(name).get(url(section, cast.project)).status_code == 200


def test_service_accounts_stand_apart_from_the_keys_of_people(cast: World, browser_of: Browser) -> None:
    browser = browser_of("project_owner")
    people = browser.get(url("keys", cast.project)).context["keys"]
    accounts = browser.get(url("service-accounts", cast.project)).context["accounts"]
    programs = [key for account in accounts for key in account.keys]
    assert cast.here.keys["project_service"] in programs
    assert cast.here.keys["project_member_project"] in people
    assert not set(people) & set(programs)


def test_a_member_sees_their_own_membership_and_key(cast: World, browser_of: Browser) -> None:
    browser = browser_of("project_member")
    assert [row.user for row in browser.get(url("members", cast.project)).context["members"]] == [cast.project_member]
    assert "project_colleague" not in browser.get(url("keys", cast.project)).content.decode()


@pytest.mark.parametrize(
    ("name", "may", "status"),
    [
        ("org_admin", True, 302),
        ("proxy_admin", True, 302),
        ("project_owner", False, 302),  # what stands beside the closed fields is theirs to save
        ("project_member", False, 403),
    ],
)
def test_where_jobs_run_is_shown_to_all_and_changed_by_admins(
    cast: World, browser_of: Browser, name: str, may: bool, status: int
) -> None:
    """Whoever may not is told who does; a field that is sent all the same changes nothing."""
    project, browser = cast.project, browser_of(name)
    project.kubernetes_namespace = "research"
    project.assignments = [{"namespace": "gpu", "cluster_id": "eu-1", "kueue_queue_name": "fast"}]
    project.save()
    page = browser.get(url("detail", project))
    assert all(f"<code>{text}</code>" in page.text for text in ("research", "gpu", "eu-1", "fast"))
    edit = f"{url('edit', project)}#id_kubernetes_namespace"
    assert (edit in page.text, "Only for those who may" in page.text) == (may, not may)
    form = browser_of("org_admin").get(url("edit", project)).context["form"]
    sent = {field: form[field].value() or "" for field in form.fields}
    sent |= {"kubernetes_namespace": "mine", "assignments": "mine"}
    assert browser.post(url("edit", project), sent).status_code == status
    project.refresh_from_db()
    assert (project.kubernetes_namespace, project.assignments[0]["namespace"]) == (
        ("mine", "mine") if may else ("research", "gpu")
    )


def test_a_new_key_begins_in_its_project(cast: World, browser_of: Browser) -> None:
    browser = browser_of("project_owner")
    page = browser.get(url("keys", cast.project))
    new = f"/ui/keys/new/?project={cast.project.pk}"
    assert new in page.text
    assert browser.get(new).context["form"].initial["home"] == f"project:{cast.project.pk}"
    assert [one["name"] for one in page.context["list"].filters] == ["state", "unused", "ends"]
    KeyFactory(user=cast.project_member, project=cast.project, organization=cast.organization, blocked_by="project")
    blocked = browser.get(url("keys", cast.project), {"state": "blocked"}).context["keys"]
    assert [key.blocked_by for key in blocked] == ["project"]


def test_an_owner_adds_people_of_the_organization_only(cast: World, browser_of: Browser) -> None:
    browser = browser_of("project_owner")
    browser.post(url("members", cast.project), {"email": "reader@acme.example.com", "role": "member"})
    assert Membership.objects.filter(user=cast.reader, project=cast.project, role="member").exists()
    refused = browser.post(url("members", cast.project), {"email": "someone@example.org", "role": "member"})
    assert refused.status_code == 422
    assert "Only members of the organization" in refused.content.decode()


def test_the_list_is_narrowed_by_organization(cast: World, browser_of: Browser) -> None:
    browser = browser_of("auditor")
    found = browser.get(f"/ui/projects/?in={cast.organization.pk}").context["projects"]
    assert {row.pk for row in found} == {cast.project.pk, cast.other_project.pk}
    assert found[0].counts.keys() == {"members", "keys", "service_accounts"}


ENTRIES = (
    {"namespace": "a"},
    {"namespace": "a", "cluster_id": "eu 1", "kueue_queue_name": "q"},
    {"namespace": "a", "node_selector": [{"key": "k", "value": ""}, {"key": "x/y", "value": "it's"}]},
)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_assignment_survives_being_written_as_a_line(entry: dict[str, Any]) -> None:
    assert parsed(line(entry)) == entry


def test_what_no_line_can_say_is_shown_and_read_as_json() -> None:
    odd = [{"namespace": "a", "node_selector": [{"key": "cluster:x", "value": "1"}]}]
    field = AssignmentsField()
    assert field.prepare_value(odd).startswith("[")
    assert field.clean(field.prepare_value(odd)) == odd
    for wrong in ("[1", 'a "b', "[[]]"):
        with pytest.raises(ValidationError):
            field.clean(wrong)
