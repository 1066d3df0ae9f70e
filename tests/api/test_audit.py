"""/audit: LiteLLM's shape, its filters, and the file that one takes home."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rbacadmin import audit
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Actor
from teams.services import create_team, update_team
from tests.world import World


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["audit_logs"]
    return found


def renamed(cast: World, **changes: Any) -> None:
    update_team(cast.actor("team_admin"), cast.team, **(changes or {"alias": "renamed"}))


def test_a_change_in_litellms_shape(api: Any, cast: World) -> None:
    renamed(cast, alias="renamed", max_budget=50 * 10**9)
    row = rows(api("GET", "/audit", as_="org_admin"))[0]
    assert row["before_value"] == {"team_alias": "acme core", "max_budget": 100.0}
    assert row["updated_values"] == {"team_alias": "renamed", "max_budget": 50.0}
    assert (row["action"], row["table_name"]) == ("updated", "LiteLLM_TeamTable")
    assert (row["object_id"], row["changed_by"]) == (cast.team.public_id, cast.team_admin.public_id)
    assert (row["event"], row["outcome"], row["status"], row["details"]) == ("team.updated", "done", 200, {})
    assert (row["team_id"], row["organization_id"]) == (cast.team.public_id, cast.organization.public_id)
    assert api("GET", f"/audit/{row['id']}", as_="org_admin").json() == row


def test_a_creation_has_values_and_nothing_before(api: Any, cast: World) -> None:
    create_team(cast.actor("org_admin"), cast.organization, alias="fresh")
    row = rows(api("GET", "/audit?action=created", as_="org_admin"))[0]
    assert (row["before_value"], row["updated_values"]) == (None, {"team_alias": "fresh"})


@pytest.mark.parametrize(("name", "shown"), [("org_admin", True), ("proxy_admin", True), ("second_team_admin", False)])
def test_the_key_behind_a_change_is_told_to_those_who_see_it(api: Any, cast: World, name: str, shown: bool) -> None:
    """A personal key: its organization's admin sees it, a fellow team admin does not."""
    key = cast.here.keys["team_admin_personal"]
    audit.write(Actor.for_key(key), "team.updated", cast.team, audit.scope_ids(cast.team))
    row = rows(api("GET", "/audit", as_=name))[0]
    assert row["changed_by_api_key"] == (key.token if shown else None)
    assert row["changed_by"] == cast.team_admin.public_id
    answer = api("GET", f"/audit?changed_by_api_key={key.token}", as_=name)
    assert len(rows(answer)) == (1 if shown else 0)


def test_a_refusal_is_there_with_its_reason_and_without_other_peoples_names(api: Any, cast: World) -> None:
    body = {"team_id": cast.team.public_id, "max_budget": 500}
    assert api("POST", "/team/update", body, as_="team_admin").status_code == 403
    row = rows(api("GET", "/audit?outcome=refused", as_="org_admin"))[0]
    assert (row["status"], row["before_value"], row["updated_values"]) == (403, None, None)
    assert row["details"]["decision"]["action"] == "raise_team_limits"
    assert "who_could" not in str(row)


def test_an_attempt_on_a_foreign_object_tells_neither_side_about_the_other(api: Any, cast: World) -> None:
    body = {"team_id": cast.team.public_id, "team_alias": "mine"}
    assert api("POST", "/team/update", body, as_="stranger").status_code == 404
    assert rows(api("GET", "/audit", as_="stranger")) == []
    row = rows(api("GET", "/audit", as_="org_admin"))[0]
    assert (row["changed_by"], row["changed_by_api_key"], row["ip"]) == (None, None, None)
    assert "globex" not in json.dumps(row)
    assert str(cast.stranger.pk) not in json.dumps(row)
    assert rows(api("GET", "/audit", as_="auditor"))[0]["changed_by"] == cast.stranger.public_id
    for name in ("changed_by", "actor", "search"):
        assert rows(api("GET", f"/audit?{name}={cast.stranger.email}", as_="org_admin")) == [], name


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("changed_by={member}", 0),
        ("changed_by={team_admin}", 1),
        ("changed_by=default_user_id", 1),
        ("action=updated", 2),
        ("action=kill_switch_fired", 0),
        ("table_name=LiteLLM_TeamTable", 2),
        ("table_name=nonsense", 0),
        ("object_id={team}", 1),
        ("object_id=nobody", 0),
        ("object_team_id={team}", 1),
        ("object_key_hash=abc", 0),
        ("event=team.updated", 2),
        ("event=team", 0),
        ("outcome=refused", 0),
        ("search=RENAMED", 1),
        ("search=%25", 0),
        ("start_date={today}&end_date={today}", 2),
        ("start_date={tomorrow}", 0),
        ("end_date={yesterday}", 0),
        ("team_id={team}", 1),
        ("team_id={team}&organization_id={organization}", 1),
    ],
)
def test_filters(api: Any, cast: World, query: str, found: int) -> None:
    renamed(cast)
    update_team(Actor.master(), cast.other_team, rpm_limit=5)
    now = timezone.now()
    names = {
        "member": cast.member.email,
        "team_admin": cast.team_admin.email,
        "team": cast.team.public_id,
        "organization": cast.organization.public_id,
        "today": now.date().isoformat(),
        "tomorrow": (now + timedelta(days=1)).date().isoformat(),
        "yesterday": (now - timedelta(days=1)).date().isoformat(),
    }
    answer = api("GET", f"/audit?{query.format(**names)}", as_="org_admin")
    assert (len(rows(answer)), answer.json()["total"]) == (found, found)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start_date=yesterday", "start_date"),
        ("end_date=2026-13-01", "end_date"),
        ("start_date=0001-01-01", "start_date"),
        ("end_date=9999-12-31", "end_date"),
        ("start_date=2026-02-02&end_date=2026-02-01", "end_date"),
    ],
)
@pytest.mark.parametrize("path", ["/audit", "/audit/export"])
def test_dates_that_are_none_are_named(api: Any, cast: World, path: str, query: str, field: str) -> None:
    answer = api("GET", f"{path}?{query}", as_="org_admin")
    assert answer.status_code == 400
    assert answer.json()["detail"]["param"] == field
    assert not AuditEvent.objects.exists()


def test_pages_follow_each_other(api: Any, cast: World) -> None:
    for number in range(5):
        renamed(cast, alias=f"name {number}")
    for order in ("asc", "desc"):
        pages = [
            api("GET", f"/audit?page={page}&page_size=2&sort_order={order}", as_="team_admin").json()
            for page in (1, 2, 3)
        ]
        names = [row["updated_values"]["team_alias"] for page in pages for row in page["audit_logs"]]
        wanted = [f"name {number}" for number in range(5)]
        assert names == (wanted if order == "asc" else wanted[::-1])
        assert {(page["total"], page["total_pages"], page["page_size"]) for page in pages} == {(5, 3, 2)}


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.getvalue().decode())


def test_an_export_holds_the_same_rows_line_by_line(api: Any, cast: World) -> None:
    renamed(cast)
    update_team(Actor.master(), cast.there.team, alias="theirs")
    listed = rows(api("GET", "/audit", as_="org_admin"))
    answer = api("GET", "/audit/export", as_="org_admin")
    assert answer["Content-Disposition"] == 'attachment; filename="audit.ndjson"'
    assert (answer["Cache-Control"], answer["Content-Type"]) == ("no-store", "application/x-ndjson")
    assert [json.loads(line) for line in text_of(answer).splitlines()] == listed
    noted = AuditEvent.objects.get(event="audit.exported")
    assert (noted.actor_user_id, noted.organization_id) == (cast.org_admin.pk, None)


def test_no_cell_of_a_table_is_a_formula(api: Any, cast: World) -> None:
    for alias in ("=1+1", "+1", "-1", "@SUM(A1)", " =1", "plain, with a comma"):
        renamed(cast, alias=alias)
    query = f"format=csv&organization_id={cast.organization.public_id}&event=team.updated"
    table = list(csv.DictReader(io.StringIO(text_of(api("GET", f"/audit/export?{query}", as_="org_admin")))))
    assert [row["object_name"] for row in table] == [
        "plain, with a comma", "' =1", "'@SUM(A1)", "'-1", "'+1", "'=1+1"
    ]  # fmt: skip
    assert json.loads(table[0]["updated_values"]) == {"team_alias": "plain, with a comma"}
    noted = AuditEvent.objects.get(event="audit.exported")
    assert noted.organization_id == cast.organization.pk
    assert noted.details == {"filters": {"event": "team.updated"}}


def test_an_export_reads_a_few_rows_at_a_time(api: Any, cast: World) -> None:
    """What it costs grows with the pages, never with the rows, and nothing is read before it is asked for."""
    scope = audit.scope_ids(cast.team)
    for _ in range(250):
        audit.write(Actor.master(), "team.updated", cast.team, scope)
    answer = api("GET", "/audit/export", as_="org_admin")
    with CaptureQueriesContext(connection) as queries:
        lines = text_of(answer).splitlines()
    assert len(lines) == 250
    assert len(queries) <= 3 * 7


@pytest.mark.parametrize("name", ["org_admin", "proxy_admin", "team_admin", "member"])
def test_a_page_of_the_log_costs_the_same_at_three_rows_and_at_thirty(api: Any, cast: World, name: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            rows(api("GET", "/audit?page_size=100", as_=name))
        return len(queries)

    def happen(times: int) -> None:
        for number in range(times):
            renamed(cast, alias=f"{times} {number}")
            api("POST", "/team/update", {"team_id": cast.team.public_id, "team_alias": "x"}, as_="stranger")
            audit.write(
                Actor.for_key(cast.here.keys["member_personal"]), "key.updated", cast.here.keys["member_team"], {}
            )

    happen(1)
    few = cost()
    happen(10)
    assert cost() <= few
    assert few <= 16
