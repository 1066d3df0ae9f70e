"""Merge-patch: what is left out is kept, null clears, objects are merged name by name."""

from typing import Any

import pytest

from api.litellm.merging import merged
from orgs.models import Organization
from rbacadmin.models import AuditEvent
from teams.models import Team

# RFC 7396, appendix A
EXAMPLES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("before", "patch", "after"), EXAMPLES)
def test_objects_are_merged(before: Any, patch: Any, after: Any) -> None:
    assert merged(before, patch) == after


def test_a_team_is_patched(api: Any, cast: Any) -> None:
    path = f"/team/{cast.team.public_id}"
    first = {"metadata": {"a": 1, "b": {"c": 2}}, "model_rpm_limit": {"gpt-4": 5, "claude": 6}, "rpm_limit": 9}
    assert api("PATCH", path, first, as_="proxy_admin").status_code == 200
    second = {"metadata": {"a": None, "b": {"d": 3}}, "model_rpm_limit": {"gpt-4": None}, "rpm_limit": None}
    row = api("PATCH", path, {**second, "model_max_budget": {"gpt-4": 2.5}}, as_="proxy_admin").json()
    assert row["team_id"] == cast.team.public_id
    assert row["team_alias"] == cast.team.alias
    assert row["members_with_roles"], "the full row"
    assert row["metadata"] == {"b": {"c": 2, "d": 3}}
    assert (row["model_rpm_limit"], row["rpm_limit"]) == ({"claude": 6}, None)
    assert row["model_max_budget"] == {"gpt-4": {"max_budget": 2.5}}
    third = {"model_max_budget": {"gpt-4": {"max_budget": 3, "budget_duration": "1d"}}}
    assert api("PATCH", path, third, as_="proxy_admin").json()["model_max_budget"] == {
        "gpt-4": {"max_budget": 3.0, "budget_duration": "1d"}
    }
    fourth = {"model_max_budget": {"gpt-4": {"budget_duration": None}}, "metadata": None}
    row = api("PATCH", path, fourth, as_="proxy_admin").json()
    assert (row["model_max_budget"], row["metadata"]) == ({"gpt-4": {"max_budget": 3.0}}, {})


def test_patching_a_team_is_changing_it(api: Any, cast: Any) -> None:
    """TEA-05 to TEA-11: the same service, hence the same rights."""
    path, body = f"/team/{cast.team.public_id}", {"team_alias": "renamed"}
    assert api("PATCH", path, body, as_="auditor").status_code == 403
    assert api("PATCH", path, body, as_="member").status_code == 403
    assert AuditEvent.objects.filter(outcome="refused").count() == 2
    assert api("PATCH", path, body, as_="stranger").status_code == 404
    assert api("PATCH", "/team/nothing", body, as_="proxy_admin").status_code == 404
    assert api("PATCH", path, {"max_budget": 10**6}, as_="team_admin").status_code in (400, 403)
    assert Team.objects.get(pk=cast.team.pk).alias == cast.team.alias
    assert api("PATCH", path, body, as_="team_admin").json()["team_alias"] == "renamed"
    assert AuditEvent.objects.filter(event="team.updated").count() == 1


def test_an_organization_is_patched(api: Any, cast: Any) -> None:
    path = f"/v2/organization/{cast.organization.public_id}"
    assert api("PATCH", path, {"metadata": {"a": 1}}, as_="org_admin").json()["metadata"] == {"a": 1}
    row = api("PATCH", path, {"metadata": {"b": 2}, "max_budget": None}, as_="proxy_admin").json()
    assert (row["metadata"], row["max_budget"]) == ({"a": 1, "b": 2}, None)
    assert row["organization_alias"] == cast.organization.alias


def test_patching_an_organization_is_changing_it(api: Any, cast: Any) -> None:
    """ORG-04 to ORG-07, refused whole."""
    path = f"/v2/organization/{cast.organization.public_id}"
    body = {"organization_alias": "renamed", "max_budget": 10**6}
    assert api("PATCH", path, body, as_="org_admin").status_code == 403
    assert api("PATCH", path, body, as_="auditor").status_code == 403
    assert api("PATCH", path, body, as_="stranger").status_code == 404
    assert Organization.objects.get(pk=cast.organization.pk).alias == cast.organization.alias
    assert api("PATCH", path, {"max_budget": -1}, as_="proxy_admin").status_code == 422
