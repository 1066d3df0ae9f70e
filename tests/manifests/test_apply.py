"""Applying manifests: planned first, all or nothing, one change on record, and only what is owned is pruned."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from manifests import names
from manifests.errors import Mistaken
from manifests.kinds import KINDS
from orgs.models import Organization
from orgs.services import create_organization
from rbacadmin.errors import Conflict
from rbacadmin.models import AuditEvent
from teams.models import Membership, Team, User
from teams.services import add_member, update_team
from tests.manifests.texts import IN_NEW, WHOLE, Do, manifest, member, organization, outcomes, state, team, user
from tests.world import World

SEED = Path(__file__).resolve().parent.parent / "clients" / "manifests" / "seed_000.yaml"


def test_a_plan_says_everything_and_does_nothing(do: Do) -> None:
    before = state()
    plan = do(WHOLE, plan=True)
    assert outcomes(plan) == {"new": "created", "ml": "created", "zoe": "created", "zoe-ml": "created"}
    assert state() == before
    assert not plan.applied
    assert [shift.person for shift in plan.people] == ["zoe@new.example"]
    gained = {(part.area, part.action) for part in plan.people[0].gained}
    assert ("teams", "call_models") in gained
    assert plan.people[0].lost == []


def test_what_was_planned_is_applied_as_one_change_and_then_nothing_is_left_to_do(do: Do) -> None:
    plan = do(WHOLE, plan=True)
    done = do(WHOLE, expect=plan.digest, source="git acme/access 1a2b3c")
    assert (done.applied, outcomes(done)) == (True, outcomes(plan))
    zoe = Membership.objects.get(user__email="zoe@new.example", team__alias="ml")
    assert (zoe.role, zoe.organization.alias) == ("user", "new")
    told = AuditEvent.objects.get(event="manifests.applied")
    assert told.details["source"] == "git acme/access 1a2b3c"
    assert told.details["created"] == [
        "Organization litellm/new",
        "Team litellm/ml",
        "User litellm/zoe",
        *told.details["created"][3:],
    ]
    events = AuditEvent.objects.filter(request_id=told.request_id)
    assert events.filter(event="member.added").exists()
    assert {event.door for event in events} == {"manifests"}
    before = state()
    assert outcomes(do(WHOLE)) == {}
    assert outcomes(do(WHOLE, plan=True)) == {}
    assert state() == before


def test_another_plan_than_the_one_that_was_looked_at_is_not_applied(do: Do, cast: World) -> None:
    do(WHOLE)
    wanted = WHOLE.replace('"10"', '"20"')
    plan = do(wanted, plan=True)
    update_team(cast.actor("proxy_admin"), Team.objects.get(alias="ml"), max_budget=15 * 10**9)
    with pytest.raises(Conflict, match="plan again"):
        do(wanted, expect=plan.digest)
    assert Team.objects.get(alias="ml").max_budget == 15 * 10**9


def test_what_differs_is_named_field_by_field(do: Do, cast: World) -> None:
    do(WHOLE)
    update_team(cast.actor("proxy_admin"), Team.objects.get(alias="ml"), rpm_limit=5, max_budget=7 * 10**9)
    plan = do(WHOLE.replace('"10"', '"20"').replace('"member"', '"admin"'))
    assert {step.name: step.fields for step in plan.changes} == {
        "ml": {"maxBudget": ["7", "20"]},
        "zoe-ml": {"role": ["member", "admin"]},
    }
    assert Team.objects.get(alias="ml").rpm_limit == 5  # the manifest has never said anything about it


def test_what_a_manifest_said_and_says_no_more_is_cleared(do: Do) -> None:
    do(WHOLE)
    plan = do(WHOLE.replace('"maxBudget": "10"', '"rpmLimit": 9'))
    assert [step.fields for step in plan.changes] == [{"rpmLimit": [None, 9], "maxBudget": ["10", None]}]
    ml = Team.objects.get(alias="ml")
    assert (ml.max_budget, ml.rpm_limit, ml.organization.alias) == (None, 9, "new")


def test_one_mistake_hides_no_other_and_nothing_is_written(do: Do) -> None:
    before = state()
    wrong = (
        team("a", organizationRef={"name": "new"}, maxBudget="1000"),
        organization("new", maxBudget="100"),
        manifest("User", "bad", userEmail="no address"),
        team("b", organizationRef={"name": "new"}, softBudget="9", maxBudget="5"),
    )
    with pytest.raises(Mistaken) as caught:
        do(*wrong)
    told = [str(one) for one in caught.value.found]
    assert sorted(one.split(":")[0] for one in told) == ["0.yaml", "2.yaml", "3.yaml"]
    assert all(":2: " in one for one in told)
    assert state() == before


def test_whoever_may_not_is_told_for_each_and_it_is_on_record(do: Do) -> None:
    with pytest.raises(Mistaken) as caught:
        do(WHOLE, as_="member")
    assert caught.value.status in (400, 403)
    assert not Organization.objects.filter(alias="new").exists()
    refused = AuditEvent.objects.filter(outcome="refused", event="manifest.apply")
    assert refused.count() == len(caught.value.refusals) >= 1
    with pytest.raises(Mistaken):
        do(organization("theirs"), as_="auditor", plan=True)
    assert not Organization.objects.filter(alias="theirs").exists()


def test_pruning_removes_what_the_set_owns_and_nothing_else(do: Do, cast: World) -> None:
    do(WHOLE, owner="acme")
    do(team("other", **IN_NEW), owner="others")
    by_hand = add_member(
        cast.actor("proxy_admin"), Team.objects.get(alias="ml"), person="yves@new.example", role="user"
    )
    less = organization("new", maxBudget="100") + user("zoe")
    assert outcomes(do(less, owner="acme", plan=True)) == {}
    plan = do(less, owner="acme", prune=True, plan=True)
    assert outcomes(plan) == {"zoe-ml": "removed", "ml": "removed"}
    lost = {shift.person: {part.action for part in shift.lost} for shift in plan.people}
    assert lost.keys() == {"yves@new.example", "zoe@new.example"}
    assert "call_models" in lost["yves@new.example"]
    assert Membership.objects.filter(pk=by_hand.pk).exists()
    do(less, owner="acme", prune=True)
    assert {row.alias for row in Team.objects.filter(organization__alias="new")} == {"other"}
    assert User.objects.filter(email="zoe@new.example").exists()
    before = state()
    assert outcomes(do(less, owner="acme", prune=True)) == {}
    assert state() == before


def test_what_somebody_else_applies_is_taken_over_only_when_that_is_said(do: Do) -> None:
    do(organization("new"), owner="others")
    with pytest.raises(Mistaken, match="applied with 'others'") as caught:
        do(organization("new", maxBudget="5"), owner="acme")
    assert caught.value.status == 409
    do(organization("new", maxBudget="5"), owner="acme", take_over=True)
    assert outcomes(do(organization("new", maxBudget="5"), owner="acme")) == {}


def test_what_refers_to_something_that_is_not_there_yet_waits(do: Do) -> None:
    plan = do(user("zoe") + member("zoe", "later"))
    waits = {step.name: step.reason for step in plan.changes if step.outcome == "waits"}
    assert "there is no Team 'later'" in waits["zoe-later"]
    before = state()
    assert outcomes(do(user("zoe") + member("zoe", "later"))) == {}
    assert state() == before
    do(team("later"), user("zoe") + member("zoe", "later"))
    assert Membership.objects.filter(user__email="zoe@new.example", team__alias="later").exists()


def test_a_row_that_is_there_is_adopted_without_a_change(do: Do, cast: World) -> None:
    text = organization("grown")
    create_organization(cast.actor("proxy_admin"), alias="grown")
    assert outcomes(do(text)) == {"grown": "adopted"}
    assert outcomes(do(text)) == {}


def test_an_org_admin_applies_what_is_theirs_and_reads_the_record(do: Do, cast: World) -> None:
    home = names.named(KINDS["Organization"], [cast.organization])[cast.organization.pk].name
    do(team("ours", organizationRef={"name": home}), as_="org_admin")
    assert Team.objects.get(alias="ours").organization == cast.organization
    assert AuditEvent.objects.get(event="manifests.applied").organization_id == cast.organization.pk


@pytest.mark.sqlite
def test_a_second_apply_costs_the_same_for_three_and_for_thirty(do: Do) -> None:
    def text(count: int) -> str:
        people = "".join(user(f"p{number}") + member(f"p{number}", "ml") for number in range(count))
        return organization("new") + team("ml", **IN_NEW) + people

    costs = []
    for count in (3, 30):
        do(text(count))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert outcomes(do(text(count))) == {}
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_membership_costs_nine_queries_whatever_their_number(do: Do) -> None:
    def text(first: int, last: int) -> str:
        return "".join(member(f"p{number}", "ml") for number in range(first, last))

    do(organization("new") + team("ml", **IN_NEW) + "".join(user(f"p{number}", **IN_NEW) for number in range(16)))
    costs = []
    for first, last in ((0, 4), (4, 16)):
        with CaptureQueriesContext(connection) as queries:
            assert set(outcomes(do(text(first, last))).values()) == {"created"}
        costs.append(len(queries))
    assert costs[1] - costs[0] <= 8 * 9
    assert AuditEvent.objects.filter(event="member.added", door="manifests", kind="membership").count() == 16 * 2


def test_a_membership_that_is_there_is_adopted_with_what_others_said_of_it(do: Do, cast: World) -> None:
    do(team("ml") + user("zoe"))
    add_member(
        cast.actor("proxy_admin"), Team.objects.get(alias="ml"), person="zoe@new.example", role="user", rpm_limit=3
    )
    do(member("zoe", "ml", "admin"))
    zoe = Membership.objects.get(user__email="zoe@new.example", team__alias="ml")
    assert (zoe.role, zoe.rpm_limit) == ("admin", 3)


def test_the_manifests_of_the_seed_are_applied_without_kubernetes(do: Do) -> None:
    alice, bob, everything = SEED.read_text().split("# ----\n")
    assert outcomes(do(alice)) == {"alice-ai-team": "waits"}
    made = outcomes(do(everything))
    assert made == {"ai-team": "created", "alice": "created", "alice-ai-team": "created"}
    assert Membership.objects.get(user__email="alice@example.com", team__alias="ai-team").role == "admin"
    assert outcomes(do(alice)) == outcomes(do(everything)) == {}
    assert outcomes(do(bob)) == {"bob-ai-team": "waits"}
