"""Where a project's jobs run: what is a list of places, whoever writes it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from orgs import services
from orgs.assignments import validate_assignments
from orgs.models import Project
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from tests.world import World

GOOD = [
    [],
    [{"namespace": "a"}],
    [{"namespace": "a-1", "cluster_id": "c", "kueue_queue_name": "q", "node_selector": [{"key": "k", "value": ""}]}],
]
BAD = [
    None,
    {},
    "gpu",
    ["gpu"],
    [{}],
    [{"namespace": 1}],
    [{"namespace": "A"}],
    [{"namespace": "a", "cluster_id": 1}],
    [{"namespace": "a", "cluster_id": "c" * 256}],
    [{"namespace": "a", "more": "x"}],
    [{"namespace": "a", "node_selector": {"key": "k", "value": "v"}}],
    [{"namespace": "a", "node_selector": [{"key": "k"}]}],
    [{"namespace": "a", "node_selector": [{"key": "k", "value": "v" * 64}]}],
    [{"namespace": "a"}] * 101,
]


@pytest.mark.parametrize("value", GOOD)
def test_places_are_taken(value: Any) -> None:
    validate_assignments(value)


@pytest.mark.parametrize("value", BAD)
def test_what_is_no_list_of_places_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        validate_assignments(value)


def test_a_refused_place_changes_nothing(cast: World) -> None:
    actor = Actor.for_user(cast.org_admin)
    with pytest.raises(ValidationError) as refused:
        services.update_project(actor, cast.project, assignments=["gpu"], alias="renamed")
    assert set(refused.value.message_dict) == {"assignments"}
    with pytest.raises(ValidationError):
        services.create_project(actor, cast.organization, alias="placed", assignments=[{"namespace": "A"}])
    assert Project.objects.get(pk=cast.project.pk).alias == cast.project.alias
    assert not AuditEvent.objects.filter(event__startswith="project.").exists()


def test_places_are_on_record(cast: World) -> None:
    actor = Actor.for_user(cast.org_admin)
    services.update_project(actor, cast.project, assignments=[{"namespace": "a"}])
    event = AuditEvent.objects.get(event="project.updated")
    assert "assignments" in str(event.details)
