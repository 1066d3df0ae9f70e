"""Who may call what, and what a refusal says."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway import admission
from gateway.admission import Refused, changing
from gateway.ledger.models import Usage
from gateway.ledger.recording import recorder
from gateway.models import CatalogModel, Spend
from keys import secrets
from rbacadmin.models import AuditEvent
from teams.services.teams import update_team
from tests.factories import KeyFactory
from tests.gateway.admission.conftest import NOON
from tests.world import World

Call = Callable[..., Any]


def test_a_team_member_calls_a_model_of_the_organization(cast: World, call: Call) -> None:
    admitted = call(cast.keys["member_team"].secret)
    assert admitted.deployment.name == "gpt-4o"
    assert ("x-rbacadmin-team-id", cast.team.public_id) in admitted.headers


def test_the_master_key_calls_every_model(cast: World, call: Call) -> None:
    assert call("sk-1234", "o3").caller.kind == "master"


@pytest.mark.parametrize("token", ["", "nonsense", "sk-nonsense", "well formed"])
def test_an_unknown_token_is_401(cast: World, token: str) -> None:
    token = secrets.make("personal") if token == "well formed" else token
    with pytest.raises(Refused) as refused:
        admission.authenticate(token)
    assert refused.value.refusal.status == 401


def test_a_model_outside_the_organizations_list_is_403_and_names_the_organization(cast: World, refusal: Call) -> None:
    told = refusal(cast.keys["member_team"].secret, "o3")
    assert (told.status, told.code, told.level) == (403, "org_model_access_denied", "organization")
    assert "not allowed to access model" in told.message
    assert "not available for this API key" in told.message


def test_a_model_that_the_catalog_lacks_is_400(cast: World, refusal: Call) -> None:
    assert refusal(cast.keys["member_team"].secret, "gpt-4").status == 400


def test_a_key_is_held_to_its_routes(cast: World, refusal: Call) -> None:
    key = KeyFactory(user=cast.member, team=cast.team, organization=cast.organization, allowed_routes=["/v1/models"])
    told = refusal(key.secret)
    assert (told.status, told.code) == (403, "auth_error")
    assert "not allowed to call this route" in told.message


def test_a_personal_key_outside_every_organization_calls_nothing(cast: World, refusal: Call) -> None:
    assert refusal(cast.secrets["loner"]).status == 403


def test_a_proxy_admins_bare_key_calls_every_model(cast: World, call: Call) -> None:
    assert call(cast.secrets["proxy_admin"], "o3").deployment.name == "o3"


def test_who_only_reads_the_platform_calls_nothing(cast: World, refusal: Call) -> None:
    assert refusal(cast.secrets["auditor"]).status == 403


def test_requests_a_minute_are_counted_and_429_says_when_to_come_back(cast: World, call: Call, refusal: Call) -> None:
    cast.team.rpm_limit = 2
    cast.team.save()
    secret = cast.keys["member_team"].secret
    call(secret)
    call(cast.keys["colleague_team"].secret)
    told = refusal(secret)
    assert (told.status, told.level, told.limit_type) == (429, "team", "requests")
    assert told.message.startswith("Rate limit exceeded")
    headers = dict(told.headers)
    assert headers["x-ratelimit-limit-requests"] == "2"
    assert headers["x-ratelimit-remaining-requests"] == "0"
    call(secret, now=NOON + told.retry_after)
    assert refusal(secret, now=NOON + told.retry_after - 1).status == 429


def test_tokens_a_minute_are_reserved_and_corrected(cast: World, call: Call, refusal: Call) -> None:
    cast.team.tpm_limit = 150
    cast.team.save()
    secret = cast.keys["member_team"].secret
    first = call(secret)
    assert refusal(secret).limit_type == "tokens"
    admission.settle(first, prompt_tokens=10, completion_tokens=10)
    call(secret)


def test_calls_at_a_time_are_counted_until_they_end(cast: World, call: Call, refusal: Call) -> None:
    cast.team.max_parallel_requests = 1
    cast.team.save()
    secret = cast.keys["member_team"].secret
    first = call(secret)
    assert refusal(secret).limit_type == "max_parallel_requests"
    admission.release(first)
    admission.release(first)
    second = call(secret)
    assert refusal(secret).status == 429
    admission.settle(second.request_id, prompt_tokens=1, completion_tokens=1)
    with pytest.raises(LookupError):
        admission.settle(second, prompt_tokens=1, completion_tokens=1)


def test_a_spent_budget_is_422_and_names_the_team(cast: World, priced: CatalogModel, call: Call, refusal: Call) -> None:
    Spend.objects.create(object_id=cast.team.pk, kind="team", current=cast.team.max_budget)
    told = refusal(cast.keys["member_team"].secret)
    assert (told.status, told.code, told.level) == (422, "budget_exceeded", "team")
    assert told.message.startswith(f"Budget has been exceeded! Team={cast.team.public_id} Current cost: 100")
    assert told.message.endswith(f"(the budget of the team '{cast.team.alias}')")
    assert call(cast.keys["member_team"].secret, "claude").cost == 0  # what is free needs no money


def test_a_question_takes_nothing(cast: World, priced: CatalogModel) -> None:
    cast.team.rpm_limit = 1
    cast.team.save()
    caller = admission.authenticate(cast.keys["member_team"].secret, NOON)
    for _ in range(3):
        verdict = admission.question(caller, model="gpt-4o", route="/v1/chat/completions", prompt_tokens=5, now=NOON)
        assert verdict.allowed
        assert verdict.cost == 5000


def test_a_call_in_flight_keeps_its_id_to_itself(cast: World, call: Call, refusal: Call) -> None:
    secret = cast.keys["member_team"].secret
    call(secret, request_id="mine")
    assert refusal(secret, request_id="mine").status == 400


def test_a_call_that_is_settled_is_recorded_with_whom_it_counts_for(
    cast: World, priced: CatalogModel, call: Call
) -> None:
    admitted = call(cast.keys["member_team"].secret)
    assert admitted.reserved == 100_000
    assert admission.settle(admitted, prompt_tokens=10, completion_tokens=20, tags=["batch"], customer="carl") == 30_000
    released = call(cast.keys["member_team"].secret)
    admission.release(released)
    recorder.flush()
    usage = Usage.objects.get()
    assert (usage.request_id, usage.cost, usage.model) == (admitted.request_id, 30_000, "gpt-4o")
    assert (usage.key_id, usage.team_id) == (cast.keys["member_team"].pk, cast.team.pk)
    assert usage.membership_id == cast.member.memberships.get(team=cast.team).pk
    assert (usage.tags, usage.customer, usage.route) == (["batch"], "carl", "/v1/chat/completions")
    assert Spend.objects.get(object_id=cast.team.pk).current == 30_000


def test_the_budget_of_one_model_is_spent_by_calls_of_that_model_only(
    cast: World, priced: CatalogModel, call: Call, refusal: Call
) -> None:
    cast.team.model_max_budget = {"gpt-4o": {"max_budget": 150_000, "budget_duration": "1d"}}
    cast.team.save()
    secret = cast.keys["member_team"].secret
    admission.settle(call(secret), prompt_tokens=10, completion_tokens=90)
    recorder.flush()
    told = refusal(secret)
    assert (told.status, told.level) == (422, "team")
    assert "Model=gpt-4o" in told.message
    call(secret, "claude")


def test_what_calls_in_flight_have_reserved_is_not_called_spent(
    cast: World, priced: CatalogModel, call: Call, refusal: Call
) -> None:
    cast.team.max_budget = 150_000
    cast.team.save()
    secret = cast.keys["member_team"].secret
    first = call(secret)
    told = refusal(secret)
    assert (told.status, told.retry_after) == (422, 1)
    assert "in flight" in told.message
    admission.release(first)
    call(secret, now=NOON + 1)


def test_a_call_that_nobody_settles_gives_back_what_it_reserved(cast: World, priced: CatalogModel, call: Call) -> None:
    cast.team.max_budget, cast.team.max_parallel_requests = 100_000, 1
    cast.team.save()
    secret = cast.keys["member_team"].secret
    call(secret)
    assert admission.expire(NOON + 599) == 0
    assert admission.expire(NOON + 600) == 1
    call(secret, now=NOON + 601)


def test_a_soft_budget_that_is_spent_warns_and_refuses_nothing(cast: World, priced: CatalogModel, call: Call) -> None:
    cast.team.soft_budget, cast.team.budget_duration = 10**9, "1mo"
    cast.team.save()
    secret = cast.keys["member_team"].secret
    header = "x-rbacadmin-soft-budget-reached"
    assert header not in dict(call(secret).headers)
    start = datetime.fromtimestamp(NOON, UTC).replace(day=1, hour=0, minute=0, second=0)
    Spend.objects.update_or_create(
        object_id=cast.team.pk, defaults={"kind": "team", "current": 2 * 10**9, "period_start": start}
    )
    for _ in range(2):
        assert dict(call(secret).headers)[header] == "team"
    event = AuditEvent.objects.get(event="team.soft_budget_reached")
    assert (event.team_id, event.details["spent"]) == (cast.team.pk, 2 * 10**9)


def test_a_soft_budget_is_noticed_by_the_next_decision_when_it_is_changed_or_spent(
    cast: World, priced: CatalogModel, call: Call
) -> None:
    header, secret = "x-rbacadmin-soft-budget-reached", cast.keys["member_team"].secret
    warned = AuditEvent.objects.filter(event="team.soft_budget_reached")
    now = time.time()

    def told() -> str | None:
        made = call(secret, now=now)
        admission.settle(made, prompt_tokens=10, completion_tokens=90)  # 100,000 nano-dollars
        recorder.flush()
        return dict(made.headers).get(header)

    update_team(cast.actor("proxy_admin"), cast.team, soft_budget=200_000)
    changing.forget_changed("team", str(cast.team.pk), cast.team)  # as it is when the transaction is over
    assert [told() for _ in range(3)] == [None, None, "team"], "spent by this process's own calls"
    update_team(cast.actor("proxy_admin"), cast.team, soft_budget=450_000)
    changing.forget_changed("team", str(cast.team.pk), cast.team)
    assert [told() for _ in range(3)] == [None, None, "team"]
    update_team(cast.actor("proxy_admin"), cast.team, soft_budget=300_000)
    changing.forget_changed("team", str(cast.team.pk), cast.team)
    assert told() == "team", "changed to less than is spent"
    assert [event.details["soft_budget"] for event in warned.order_by("created_at")] == [200_000, 450_000, 300_000]


def test_a_temporary_increase_counts_until_it_ends(
    cast: World, priced: CatalogModel, call: Call, refusal: Call
) -> None:
    cast.team.max_budget, cast.team.temp_budget_increase = 100_000, 300_000
    cast.team.temp_budget_until = datetime.fromtimestamp(NOON + 10, UTC)
    cast.team.save()
    secret = cast.keys["member_team"].secret
    for _ in range(2):
        admission.settle(call(secret), prompt_tokens=10, completion_tokens=90)
    told = refusal(secret, now=NOON + 10)
    assert (told.status, told.level) == (422, "team")
