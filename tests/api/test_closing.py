"""Deleting scopes and removing members over HTTP: whole answers, nothing half done."""

from typing import Any

import pytest

from orgs.models import Organization
from teams.models import Membership, Team


def test_a_deleted_organization_is_answered_as_it_was(master: Any, cast: Any) -> None:
    answer = master("DELETE", "/organization/delete", {"organization_ids": [cast.organization.public_id] * 2})
    assert [(row["organization_id"], row["max_budget"]) for row in answer.json()] == [
        (cast.organization.public_id, 1000.0)
    ]
    assert not Organization.objects.filter(pk=cast.organization.pk).exists()


@pytest.mark.parametrize("path", ["/organization/delete", "/team/delete"])
def test_deleting_nothing_is_400(master: Any, path: str) -> None:
    answer = master("POST", path, {"organization_ids": [], "team_ids": []})
    assert answer.status_code == 400
    assert answer.json()["detail"]["param"] in ("organization_ids", "team_ids")


def test_deleting_teams_is_all_or_nothing(api: Any, cast: Any) -> None:
    idents = [cast.team.public_id, cast.there.team.public_id]
    assert api("DELETE", "/team/delete", {"team_ids": idents}, as_="org_admin").status_code == 404
    assert Team.objects.filter(pk=cast.team.pk).exists()
    answer = api("DELETE", "/team/delete", {"team_ids": idents[:1]}, as_="org_admin")
    assert answer.json() == {"deleted_teams": idents[:1]}


def test_the_last_admin_of_an_organization_is_a_conflict(master: Any, cast: Any) -> None:
    """Rulebook 10."""
    body = {"organization_id": cast.organization.public_id, "user_id": cast.org_admin.email}
    for path, more in (("member_delete", {}), ("member_update", {"role": "reader"})):
        answer = master("POST", f"/organization/{path}", {**body, **more})
        assert answer.status_code == 409
        assert answer.json()["detail"]["reason"] == "last_leader"


def test_who_is_no_member_is_404_and_in_a_team_400_as_upstream(api: Any, cast: Any) -> None:
    organization = {"organization_id": cast.organization.public_id, "user_email": cast.loner.email}
    assert api("POST", "/organization/member_delete", organization, as_="org_admin").status_code == 404
    team = {"team_id": cast.team.public_id, "user_id": cast.outsider.email}
    answer = api("POST", "/team/member_delete", team, as_="team_admin")
    assert (answer.status_code, answer.json()["detail"]["param"]) == (400, "user_id")
    assert Membership.objects.filter(user=cast.outsider).exists()


def test_an_id_and_an_address_of_different_people(api: Any, cast: Any) -> None:
    body = {"team_id": cast.team.public_id, "user_id": cast.member.public_id, "user_email": cast.colleague.email}
    assert api("POST", "/team/member_delete", body, as_="team_admin").status_code == 400
    assert Membership.objects.filter(user__in=[cast.member, cast.colleague], team=cast.team).count() == 2


def test_a_changed_member_is_echoed(api: Any, cast: Any) -> None:
    body = {"team_id": cast.team.public_id, "user_id": cast.member.public_id, "max_budget_in_team": 5}
    answer = api("POST", "/team/member_update", {**body, "allowed_models": ["gpt-4"]}, as_="team_admin").json()
    assert (answer["role"], answer["max_budget_in_team"], answer["allowed_models"]) == ("user", 5.0, ["gpt-4"])
    above = api("POST", "/team/member_update", {**body, "max_budget_in_team": 5000}, as_="team_admin")
    assert (above.status_code, above.json()["detail"]["param"]) == (400, "max_budget_in_team")
