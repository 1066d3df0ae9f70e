"""Who may apply and export what; keys among manifests; what it costs."""

from typing import Any

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keys.models import Key
from rbacadmin.models import AuditEvent
from teams.models import Team
from tests.manifests.texts import IN_NEW, WHOLE, Do, manifest, member, organization, outcomes, state, team, user
from tests.world import World


def test_a_key_is_made_once_and_its_secret_is_in_no_plan(do: Do) -> None:
    text = WHOLE + manifest("VirtualKey", "bot", keyAlias="bot", teamRef={"name": "ml"}, duration="30d")
    plan = do(text, plan=True)
    assert outcomes(plan)["bot"] == "created"
    assert not Key.objects.filter(alias="bot").exists()
    do(text)
    key = Key.objects.get(alias="bot")
    assert (key.team.alias, outcomes(do(text))) == ("ml", {})
    do(text.replace('"bot"', '"robot"'))
    assert Key.objects.get(alias="robot").token == key.token


@pytest.mark.parametrize(
    ("who", "plans"),
    [("auditor", False), ("org_admin", True), ("team_admin", False), ("member", False), ("loner", False)],
)
def test_nobody_does_by_a_file_what_they_may_not_do_otherwise(cast: World, api: Any, who: str, plans: bool) -> None:
    home = api("GET", "/manifests?kind=organization", as_="org_admin").json()["manifests"]
    (name,) = [one["metadata"]["name"] for one in home if one["spec"]["organizationAlias"] == cast.organization.alias]
    body = {"files": [{"name": "t.yaml", "content": team("theirs", organizationRef={"name": name})}]}
    before = state()
    planned = api("POST", "/manifests/plan", body, as_=who)
    assert state() == before
    applied = api("POST", "/manifests/apply", body, as_=who)
    assert [answer.status_code for answer in (planned, applied)] == ([200, 200] if plans else [403, 403]), (
        applied.content
    )
    assert Team.objects.filter(alias="theirs").exists() == plans
    if not plans:
        assert planned.json()["error"]["mistakes"][0]["line"] == 2
        refused = AuditEvent.objects.filter(outcome="refused", event="manifest.apply")
        assert refused.get().actor_user_id == getattr(cast, who).pk


def test_an_export_is_adopted_once_and_then_nothing_is_left_to_do(do: Do, api: Any) -> None:
    do(WHOLE, owner="others")
    answer = api("GET", "/manifests?kind=all", as_="proxy_admin").json()
    text = yaml.safe_dump_all(answer["manifests"], explicit_start=True)
    assert {one.split()[0] for one in answer["left_out"]} == {"VirtualKey"}  # those that have no name
    assert set(outcomes(do(text, take_over=True)).values()) == {"adopted"}
    before = state()
    assert outcomes(do(text)) == {}
    assert state() == before


def test_whoever_sees_no_team_exports_none_of_it(cast: World, api: Any) -> None:
    seen = {who: api("GET", "/manifests?kind=team", as_=who).json()["manifests"] for who in ("stranger", "member")}
    aliases = {who: {one["spec"].get("teamAlias") for one in found} for who, found in seen.items()}
    assert cast.team.alias in aliases["member"]
    assert not aliases["stranger"] & {cast.team.alias, cast.here.other_team.alias}
    for one in ("nonsense", "all"):
        answer = api("GET", f"/manifests?kind={one}", as_="loner")
        assert answer.status_code == (400 if one == "nonsense" else 200)


@pytest.mark.sqlite
def test_an_export_costs_the_same_for_three_and_for_thirty(do: Do, api: Any) -> None:
    costs = []
    for count in (3, 30):
        people = "".join(user(f"p{number}") + member(f"p{number}", "ml") for number in range(count))
        do(organization("new") + team("ml", **IN_NEW) + people)
        api("GET", "/manifests?kind=all", as_="proxy_admin")
        with CaptureQueriesContext(connection) as queries:
            assert api("GET", "/manifests?kind=all", as_="proxy_admin").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]
