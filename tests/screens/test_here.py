"""Sections of scopes and people: who can do what here, what was used, and which level binds where."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dashboard.here.doing import areas_of, doing, seeing
from dashboard.limits import limits_of_member, limits_of_members
from keys.services import delete_keys
from rbacadmin import policy
from rbacadmin.money import NANO
from rbacadmin.policy import Action
from rbacadmin.policy.applies import ACTIONS_OF
from teams.models import Membership
from teams.services import remove_member
from tests.usage import Use, book
from tests.world import World

Browser = Callable[[str], Client]
SCOPES = ("organization", "team", "project")


def at(name: str, row: Any) -> str:
    return reverse(name, args=[row.pk])


@pytest.mark.parametrize("kind", SCOPES)
def test_the_table_says_what_the_policy_says(cast: World, kind: str) -> None:
    """Every person against every action; and whoever may do anything is in it."""
    scope, asker = getattr(cast, kind), cast.actor("proxy_admin")
    actions = ACTIONS_OF[scope._meta.label]
    assert sorted(action for some in areas_of(scope).values() for action in some) == sorted(actions), "each once"
    told = doing(asker, scope)
    assert told.page.next_cursor is None
    shown = {doer.person.pk: {action for cell in doer.cells for action in cell.actions} for doer in told.doers}
    expected = {action: set(policy.who(action, scope).values_list("pk", flat=True)) for action in actions}
    assert {pk for pk, held in shown.items() if held} == set(shown)
    for action, able in expected.items():
        if action != Action.JOIN_TEAMS:
            assert able <= set(shown), action
        assert {pk for pk, held in shown.items() if action in held} == able & set(shown), action
    (narrowed,) = [doing(asker, scope, Action.MANAGE_MEMBERS).doers]
    assert {doer.person.pk for doer in narrowed} == expected[Action.MANAGE_MEMBERS]
    assert seeing(scope) in actions


def test_the_page_is_for_those_who_may_explain_access(cast: World, browser_of: Browser) -> None:
    url = at("team-access", cast.team)
    text = browser_of("team_admin").get(url).content.decode()
    assert cast.member.label in text
    assert "Team admin" in text
    assert browser_of("member").get(url).status_code == 403
    assert url not in browser_of("member").get(at("team-detail", cast.team)).content.decode(), (
        "no tab that leads to a 403"
    )
    assert browser_of("stranger").get(url).status_code == 404
    narrowed = browser_of("team_admin").get(url, {"action": "manage_members"}).content.decode()
    assert cast.member.label not in narrowed


@pytest.fixture
def used(cast: World) -> World:
    """Two uses of the member's key in the team, three of a colleague's, one in the project, one personal."""
    keys = cast.here.keys
    book(
        [Use(keys["member_team"], 2.0), Use(keys["colleague_team"], 3.0, model="claude"),
         Use(keys["project_owner_project"], 4.0), Use(keys["member_personal"], 1.0)]
    )  # fmt: skip
    return cast


def groups(browser: Client, url: str, **asked: str) -> dict[str, int]:
    found = browser.get(url, asked).context["usage"].groups
    return {group.name: group.counts["spend"] // NANO for group in found}


def test_usage_of_a_scope_by_model_member_and_key(used: World, browser_of: Browser) -> None:
    team, admin = at("team-usage", used.team), browser_of("team_admin")
    assert groups(admin, team) == {"gpt-4": 2, "claude": 3}
    assert groups(admin, team, by="membership") == {used.member.label: 2, used.colleague.label: 3}
    assert groups(admin, team, by="key") == {"member-team": 2, "colleague-team": 3}
    organization = at("organization-usage", used.organization)
    assert groups(browser_of("org_admin"), organization, by="team") == {"acme core": 5}
    assert groups(browser_of("org_admin"), organization, by="project") == {"acme research": 4}
    assert groups(browser_of("auditor"), at("project-usage", used.project), by="membership") == {
        used.project_owner.label: 4
    }
    answer = admin.get(team, {"measure": "tokens", "days": "7"})
    assert answer.context["usage"].chart.total == 240


def test_usage_of_a_person_and_a_key(used: World, browser_of: Browser) -> None:
    person, key = at("person-usage", used.member), at("key-usage", used.here.keys["member_team"])
    assert groups(browser_of("member"), person, by="key") == {"member-team": 2, "member-personal": 1}
    assert groups(browser_of("member"), key) == {"gpt-4": 2}
    assert browser_of("org_admin").get(person).status_code == 403, "what people spend elsewhere is not theirs to read"
    assert browser_of("colleague").get(key).status_code in (403, 404)


def test_a_member_sees_their_own_part_alone(used: World, browser_of: Browser) -> None:
    answer = browser_of("member").get(at("team-usage", used.team), {"by": "membership"})
    assert answer.context["asked"].by == "model", "by member is for those who see all of it"
    assert groups(browser_of("member"), at("team-usage", used.team)) == {"gpt-4": 2}
    assert browser_of("member").get(at("organization-usage", used.organization)).status_code == 403


def test_what_is_gone_stays_in_the_sum(used: World, browser_of: Browser) -> None:
    root = used.actor("proxy_admin")
    delete_keys(root, used.here.keys["member_team"])
    remove_member(root, Membership.objects.get(user=used.colleague, team=used.team))
    team, admin = at("team-usage", used.team), browser_of("team_admin")
    assert sum(groups(admin, team, by="key").values()) == 5
    assert sum(groups(admin, team, by="membership").values()) == 5
    gone = [one for one in admin.get(team, {"by": "key"}).context["usage"].groups if one.name == "member-team"]
    assert [(one.gone, one.url) for one in gone] == [(True, "")]


def test_the_file_of_a_section(used: World, browser_of: Browser) -> None:
    answer = browser_of("team_admin").get(at("team-usage", used.team), {"by": "membership", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["membership"], row["spend_usd"]) for row in rows] == [
        (used.colleague.label, "3.0"),
        (used.member.label, "2.0"),
    ]


def test_the_limits_of_a_person_place_by_place(cast: World, browser_of: Browser) -> None:
    answer = browser_of("org_admin").get(at("person-limits", cast.member))
    titles = [place["title"] for place in answer.context["places"]]
    assert titles == ["As Reader of organization 'acme'", "As Team member of team 'acme core'"]
    team = answer.context["places"][1]["limits"]
    assert [(one.name, one.level.kind, one.value) for one in team.bindings] == [
        ("max_budget", "team", 100 * NANO), ("rpm_limit", "team", 100)
    ]  # fmt: skip
    hidden = browser_of("member").get(at("person-limits", cast.member)).context["places"][1]["limits"]
    assert [one.hidden for one in hidden.bindings] == [True, True]


def test_several_are_told_as_each_is(cast: World) -> None:
    rows = list(Membership.objects.select_related("user", "team", "project", "organization").order_by("pk"))
    for name in ("proxy_admin", "team_admin", "member"):
        actor = cast.actor(name)
        assert limits_of_members(actor, rows) == [limits_of_member(actor, row) for row in rows]


def test_a_team_has_its_members_in_a_tab_and_a_summary_before(cast: World, browser_of: Browser) -> None:
    overview = browser_of("team_admin").get(at("team-detail", cast.team))
    assert overview.context["member_count"] == 4
    assert "Add a person" not in overview.content.decode()
    assert at("person-detail", cast.member) in overview.content.decode(), "people are linked where one sees them"
    tab = browser_of("team_admin").get(at("team-members", cast.team)).content.decode()
    assert "Add a person" in tab
    own = browser_of("member").get(at("team-detail", cast.team)).content.decode()
    assert "Your membership" in own
    assert cast.colleague.label not in own


def test_settings_lead_to_the_tester_of_claims(browser_of: Browser) -> None:
    assert reverse("settings-claims") in browser_of("auditor").get("/ui/settings/").content.decode()
