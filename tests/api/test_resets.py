"""Setting spend back over the API, and when budgets start anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gateway.models import Spend
from keys.models import Key
from rbacadmin.models import AuditEvent
from teams.models import Membership, Team
from tests.world import World

TEN = 10 * 10**9


def book(row: Any, current: int = TEN, **values: Any) -> None:
    values = {"lifetime": 2 * TEN, "period_start": timezone.now(), **values}
    Spend.objects.create(object_id=row.pk, kind=row._meta.model_name, current=current, **values)


@pytest.mark.parametrize("amount", [-1, 10.000000001, 1e300, "NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("field", ["reset_to", "spend"])
def test_an_amount_that_is_no_reset_is_named(api: Any, cast: World, amount: Any, field: str) -> None:
    book(cast.team)
    team = cast.team.public_id
    path = f"/team/{team}/reset_spend" if field == "reset_to" else "/team/update"
    answer = api("POST", path, {"team_id": team, field: amount, "team_alias": "new"}, as_="org_admin")
    if answer.status_code == 422:  # no amount at all
        assert answer.json()["detail"][0]["loc"] == ["body", field]
    else:
        problem = answer.json().get("error", answer.json().get("detail"))
        assert (answer.status_code, problem["param"]) == (400, field), answer.content
    assert (answer.status_code == 400) == (amount == 10.000000001)
    assert Spend.objects.get().current == TEN
    assert Team.objects.get(pk=cast.team.pk).alias == "acme core", "all or nothing"


def test_a_whole_row_sent_back_resets_nothing(api: Any, cast: World) -> None:
    """A team admin may not reset, but may send back what they were shown."""
    book(cast.team, current=1_234_567_891)
    shown = api("GET", f"/team/info?team_id={cast.team.public_id}", as_="team_admin").json()["team_info"]
    assert shown["spend"] == 1.234567891
    body = {"team_id": cast.team.public_id, "spend": shown["spend"], "team_alias": "renamed"}
    assert api("POST", "/team/update", body, as_="team_admin").status_code == 200
    assert api("POST", "/team/update", {**body, "spend": None}, as_="team_admin").status_code == 200
    assert api("POST", "/team/update", {**body, "spend": 0}, as_="team_admin").status_code == 403
    assert Spend.objects.get().current == 1_234_567_891


def test_a_reset_refused_takes_the_other_changes_along(api: Any, cast: World) -> None:
    book(cast.team)
    body = {"team_id": cast.team.public_id, "spend": 0, "team_alias": "renamed"}
    assert api("POST", "/team/update", body, as_="team_admin").status_code == 403
    assert Team.objects.get(pk=cast.team.pk).alias == "acme core"
    assert AuditEvent.objects.get().outcome == "refused"


def test_a_members_spend_and_limits_are_set_back(api: Any, cast: World) -> None:
    member = Membership.objects.get(user=cast.member, team=cast.team)
    book(member)
    Membership.objects.filter(pk=member.pk).update(max_budget=7, rpm_limit=3, budget_duration="1d")
    Team.objects.filter(pk=cast.team.pk).update(member_defaults={"max_budget": 2 * 10**9})
    place = f"/team/{cast.team.public_id}/member/{cast.member.email}"
    assert api("POST", f"{place}/reset_spend", {"reset_to": 4}, as_="org_admin").json()["spend"] == 4
    for name, status in (("team_admin", 403), ("member", 403), ("reader", 404), ("stranger", 404)):
        assert api("POST", f"{place}/reset_spend", {}, as_=name).status_code == status, name
    row = api("POST", f"{place}/reset_budget", {}, as_="team_admin").json()
    assert (row["max_budget"], row["rpm_limit"], row["budget_duration"]) == (2, None, None)
    for name, status in (("member", 403), ("auditor", 403), ("stranger", 404)):
        assert api("POST", f"{place}/reset_budget", {}, as_=name).status_code == status, name
    nobody = f"/team/{cast.team.public_id}/member/nobody@example.com/reset_spend"
    assert api("POST", nobody, {}, as_="org_admin").status_code == 400


def test_a_key_is_named_by_its_secret_too_and_the_answer_holds_none(api: Any, cast: World) -> None:
    key = cast.here.keys["colleague_team"]
    book(key)
    answer = api("POST", f"/key/{key.secret}/reset_spend", {}, as_="org_admin")
    assert (answer.status_code, answer.json()["spend"]) == (200, 0)
    assert key.secret not in answer.content.decode()


def test_rows_say_when_their_budget_starts_anew_and_count_no_past_period(api: Any, cast: World) -> None:
    now = timezone.now().astimezone(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    key = cast.here.keys["colleague_team"]
    for row in (cast.organization, cast.team, cast.project, cast.member, key):
        type(row)._default_manager.filter(pk=row.pk).update(budget_duration="1d", max_budget=TEN)
        book(row, period_start=datetime.combine(now - timedelta(days=1), datetime.min.time(), UTC))
    shown = {
        f"/organization/info?organization_id={cast.organization.public_id}": (),
        f"/team/info?team_id={cast.team.public_id}": ("team_info",),
        f"/project/info?project_id={cast.project.public_id}": (),
        f"/user/info?user_id={cast.member.email}": ("user_info",),
        f"/key/info?key={key.token}": ("info",),
    }
    for path, inner in shown.items():
        row = api("GET", path, as_="proxy_admin").json()
        for name in inner:
            row = row[name]
        assert (row["budget_reset_at"], row["spend"]) == (end, 0), path
    hidden = api("GET", f"/team/info?team_id={cast.team.public_id}", as_="member").json()["team_info"]
    assert "budget_reset_at" not in hidden, "it goes with the budget"
    Key.objects.filter(pk=key.pk).update(budget_duration="")
    row = api("GET", f"/key/info?key={key.token}", as_="proxy_admin").json()["info"]
    assert (row["budget_reset_at"], row["spend"]) == (None, 10)
