"""The access screens: explain, who can, compare, and what one person may do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.templatetags.times import exact
from rbacadmin import policy
from rbacadmin.policy import Action
from teams.models import Membership
from teams.services import share_scope
from tests.factories import UserFactory, join
from tests.world import World

Browser = Callable[[str], Client]


def ask(browser: Client, page: str = "", **query: str) -> Any:
    return browser.get(f"/ui/access/{page}", query)


def test_an_answer_says_why_and_what_would_change_it(cast: World, browser_of: Browser) -> None:
    alias = cast.here.keys["colleague_team"].alias
    answer = ask(browser_of("team_admin"), person=cast.member.email, action="update_keys", kind="key", object=alias)
    assert answer.context["decision"].allowed is False
    first = answer.context["ways"][0]
    assert "Let the members of team 'acme core'" in first.text
    assert cast.team_admin.email in first.people
    granted = ask(
        browser_of("team_admin"), person=cast.team_admin.email, action="update_keys", kind="key", object=alias
    )
    assert granted.context["decision"].allowed is True
    assert "Team admin of team 'acme core'." in granted.content.decode().replace("&#x27;", "'")


def test_an_answer_says_until_when_what_gives_it_lasts(cast: World, browser_of: Browser) -> None:
    end = timezone.now() + timedelta(days=3)
    Membership.objects.filter(user=cast.member, team=cast.team).update(expires_at=end)
    asked = {"action": "see_teams", "kind": "team", "object": cast.team.alias}
    told = ask(browser_of("team_admin"), person=cast.member.email, **asked).context["reasons"]
    assert told == [f"Team member of team 'acme core'. Until {exact(end)}."]
    sooner = end - timedelta(days=1)
    given = {"team": cast.team, "actions": [Action.VIEW_SPEND], "expires_at": sooner}
    share_scope(cast.actor("org_admin"), cast.project, **given)
    decision = policy.explain(cast.actor("member"), Action.VIEW_SPEND, cast.project)
    assert [(reason.kind, reason.until) for reason in decision.reasons] == [("grant", sooner)]
    assert decision.as_dict()["reasons"][0]["until"] == sooner.isoformat()


def test_nobody_looks_into_strangers(cast: World, browser_of: Browser) -> None:
    for who in (cast.stranger.email, "nobody@example.com"):
        answer = ask(browser_of("team_admin"), person=who, action="see_teams", kind="team", object=cast.team.alias)
        assert "decision" not in answer.context
        assert answer.context["form"].errors["person"] == [
            "Nobody of that e-mail or id whose access you may look into."
        ]
    hidden = ask(browser_of("member"), person=cast.member.email, action="see_teams", kind="team",
                 object=cast.there.team.alias)  # fmt: skip
    assert "decision" not in hidden.context


def test_an_action_belongs_to_its_kind(cast: World, browser_of: Browser) -> None:
    answer = ask(
        browser_of("org_admin"), person=cast.member.email, action="move_teams", kind="key", object="member-team"
    )
    assert "action" in answer.context["form"].errors


def test_who_can_is_the_reverse_look_up(cast: World, browser_of: Browser) -> None:
    answer = ask(browser_of("org_admin"), "who/", action="manage_members", kind="team", object=cast.team.alias)
    shown = {person.pk for person in answer.context["page"].items}
    able = policy.visible(cast.actor("org_admin"), Action.VIEW_PEOPLE, policy.who(Action.MANAGE_MEMBERS, cast.team))
    assert shown == set(able.values_list("pk", flat=True))
    refused = ask(browser_of("member"), "who/", action="manage_members", kind="team", object=cast.team.alias)
    assert refused.status_code == 403


def test_who_can_costs_the_same_for_many_people(cast: World, browser_of: Browser) -> None:
    browser, query = browser_of("org_admin"), {"action": "see_teams", "kind": "team", "object": cast.team.alias}
    ask(browser, "who/", **query)
    with CaptureQueriesContext(connection) as few:
        ask(browser, "who/", **query)
    for _ in range(30):
        join(UserFactory(), cast.team, "user")
    with CaptureQueriesContext(connection) as many:
        ask(browser, "who/", **query)
    assert len(many) <= len(few) < 20


def test_two_people_are_compared_over_what_the_asker_sees(cast: World, browser_of: Browser) -> None:
    answer = ask(browser_of("org_admin"), "compare/", one=cast.team_admin.email, other=cast.member.email)
    rows = {(row.area, row.action.value): row for row in answer.context["rows"]}
    manage = rows["teams", "manage_members"]
    assert (manage.only_one, manage.both, manage.only_other) == (1, 0, 0)
    same = ask(browser_of("org_admin"), "compare/", one=cast.member.email, other=cast.member.email)
    assert "They may do the same" in same.content.decode()


@pytest.mark.parametrize(
    ("name", "status"), [("org_admin", 200), ("team_admin", 200), ("member", 404), ("stranger", 404)]
)
def test_effective_access_of_a_person(cast: World, browser_of: Browser, name: str, status: int) -> None:
    answer = browser_of(name).get(f"/ui/access/people/{cast.colleague.pk}/")
    assert answer.status_code == status
    if status == 200:
        teams = next(area for area in answer.context["areas"] if area["name"] == "teams")
        assert dict(teams["actions"])[Action.SEE_TEAMS] == 1
