"""Where a project's jobs run: the namespace of seed 004 and LLMariner's assignments, kept for whoever runs them."""

from typing import Any

import pytest

from orgs.models import Project
from rbacadmin.models import AuditEvent
from tests.llmariner.conftest import Call
from tests.world import World

PLACES = [
    {"namespace": "gpu", "clusterId": "c1", "nodeSelector": [{"key": "zone", "value": "a"}]},
    {"namespace": "all"},
]


def test_a_project_is_associated_with_a_kubernetes_namespace(call: Call, home: str) -> None:
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
