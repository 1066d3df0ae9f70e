"""Deleting what a file declares, in whatever order it stands there."""

from typing import Any

import pytest

from orgs.models import Organization
from rbacadmin.models import AuditEvent
from teams.models import Team
from tests.kubernetes.conftest import association, manifest, team, user
from tests.world import World

ORGANIZATION, TEAM = "/organizations/tenant", "/teams/ai-team"
ASSOCIATION, KEY = "/teammemberassociations/alice-ai-team", "/virtualkeys/ci"


@pytest.fixture
def tenant(cast: World, kube: Any) -> Any:
    """An organization with a team, a person in it and a key of theirs there, all of them declared."""
    key = {"keyAlias": "ci", "teamRef": {"name": "ai-team"}, "userRef": {"name": "alice"}}
    for plural, body in (
        ("organizations", manifest("Organization", "tenant", {"organizationAlias": "tenant"})),
        ("teams", team(organizationRef={"name": "tenant"})),
        ("users", user()),
        ("teammemberassociations", association()),
        ("virtualkeys", manifest("VirtualKey", "ci", key)),
    ):
        answer = kube("POST", f"/{plural}", body)
        assert answer.status_code == 201, answer.content
    return kube


@pytest.mark.parametrize(
    "order",
    [(ORGANIZATION, TEAM, ASSOCIATION, KEY), (TEAM, ORGANIZATION, KEY, ASSOCIATION), (ASSOCIATION, KEY, TEAM)],
    ids=["organization first", "team first", "association first"],
)
def test_everything_of_a_file_is_deleted_whatever_comes_first(tenant: Any, order: tuple[str, ...]) -> None:
    for path in order:
        answer = tenant("DELETE", path)
        assert (answer.status_code, answer.json()["status"]) == (200, "Success"), answer.content
        assert tenant("GET", path).status_code == 404
    for path in order:
        assert tenant("DELETE", path).status_code == 404
    assert not Team.objects.filter(alias="ai-team").exists()
    assert AuditEvent.objects.filter(event="manifest.deleted").count() == len(order)


def test_what_went_along_is_still_nobody_elses(tenant: Any) -> None:
    assert tenant("DELETE", ORGANIZATION).status_code == 200
    for who in ("stranger", "org_admin", "auditor"):
        assert tenant("DELETE", TEAM, as_=who).status_code == 404
    assert tenant("DELETE", "/teams/never").status_code == 404
    assert tenant("DELETE", f"{TEAM}?dryRun=All").status_code == 200
    assert tenant("DELETE", TEAM).status_code == 200


def test_a_finalizer_holds_nothing_up_that_is_gone(tenant: Any) -> None:
    held = manifest(
        "Project", "lab", {"projectAlias": "lab", "organizationRef": {"name": "tenant"}}, finalizers=["a/b"]
    )
    assert tenant("POST", "/projects", held).status_code == 201
    assert tenant("DELETE", ORGANIZATION).status_code == 200
    assert not Organization.objects.filter(alias="tenant").exists()
    assert tenant("DELETE", "/projects/lab").json()["status"] == "Success"
