"""The screens of teams: making, changing, moving and ending them, and what their members may do."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from gateway.models import Spend
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, grants
from teams.models import Team
from tests.factories import OrganizationFactory
from tests.world import World

Browser = Callable[[str], Client]


def url(name: str, team: Team) -> str:
    return reverse(name, args=[team.pk])


def test_an_org_admin_makes_a_team_in_their_organization(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    form = browser.get("/ui/teams/new/").context["form"]
    assert [value for value, _ in form.fields["organization"].choices] == [str(cast.organization.pk)]
    sent = {"alias": "new ones", "organization": str(cast.organization.pk), "max_budget": "12.5", "models": "gpt-4"}
    answer = browser.post("/ui/teams/new/", sent)
    team = Team.objects.get(alias="new ones")
    assert answer["Location"] == url("team-detail", team)
    assert (team.organization, team.max_budget, team.models) == (cast.organization, 12_500_000_000, ["gpt-4"])


def test_a_platform_admin_makes_a_team_in_no_organization(cast: World, browser_of: Browser) -> None:
    assert browser_of("proxy_admin").post("/ui/teams/new/", {"alias": "alone", "organization": ""}).status_code == 302
    assert Team.objects.get(alias="alone").organization is None


def test_a_team_that_takes_more_than_its_organization_has_is_told_so(cast: World, browser_of: Browser) -> None:
    sent = {"alias": "greedy", "organization": str(cast.organization.pk), "max_budget": "1001"}
    answer = browser_of("org_admin").post("/ui/teams/new/", sent)
    assert answer.status_code == 422
    assert "max_budget" in answer.context["form"].errors
    taken = browser_of("org_admin").post("/ui/teams/new/", {**sent, "alias": "ACME core", "max_budget": "1"})
    assert "alias" in taken.context["form"].errors
    assert not Team.objects.filter(alias="greedy").exists()


def test_a_member_makes_no_team(cast: World, browser_of: Browser) -> None:
    assert browser_of("member").get("/ui/teams/new/").status_code == 403
    assert "New team" not in browser_of("member").get("/ui/teams/").content.decode()


def test_a_closed_field_says_who_can_help(cast: World, browser_of: Browser) -> None:
    form = browser_of("team_admin").get(url("team-edit", cast.team)).context["form"]
    assert form.fields["models"].disabled
    assert "Organization admin, Platform admin" in form.fields["models"].help_text, "who is not seen is not named"
    assert not form.fields["alias"].disabled


def test_only_what_was_changed_is_changed(cast: World, browser_of: Browser) -> None:
    browser = browser_of("team_admin")
    form = browser.get(url("team-edit", cast.team)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"rpm_limit": "7"}
    assert browser.post(url("team-edit", cast.team), sent).status_code == 302
    event = AuditEvent.objects.get(event="team.updated", object_id=str(cast.team.pk))
    assert event.details["changed"] == {"rpm_limit": [100, 7]}
    assert browser.post(url("team-edit", cast.team), sent | {"rpm_limit": "8"}).status_code == 403, "no raise"


def test_a_team_is_moved_after_a_question_that_says_what_goes_along(cast: World, browser_of: Browser) -> None:
    browser, there = browser_of("proxy_admin"), OrganizationFactory()
    asked = browser.get(url("team-move", cast.team)).content.decode()
    assert "keys and 4 members go along" in asked
    assert browser.post(url("team-move", cast.team), {"organization": "nowhere"}).status_code == 422
    taken = browser.post(url("team-move", cast.team), {"organization": str(cast.there.organization.pk)})
    assert "has the alias" in taken.content.decode(), "a key's name is taken there"
    assert browser.post(url("team-move", cast.team), {"organization": str(there.pk)}).status_code == 302
    cast.team.refresh_from_db()
    assert cast.team.organization == there
    assert browser_of("org_admin").get(url("team-move", cast.other_team)).status_code == 403


def test_a_team_goes_where_somebody_chose_and_not_where_it_is(cast: World, browser_of: Browser) -> None:
    browser, move = browser_of("proxy_admin"), url("team-move", cast.team)
    field = browser.get(move).context["question"].form["organization"]
    offered = [value for value, _ in field.field.choices]
    assert (offered[0], field.value() or "") == ("", ""), "nothing is chosen yet"
    assert str(cast.organization.pk) not in offered
    for chosen in ("", str(cast.organization.pk)):
        assert browser.post(move, {"organization": chosen, "next": ""}).status_code == 422
    assert browser.post(move, {"organization": "none"}).status_code == 302
    cast.team.refresh_from_db()
    assert cast.team.organization is None
    offered = [value for value, _ in browser.get(move).context["question"].form.fields["organization"].choices]
    assert "none" not in offered
    assert str(cast.organization.pk) in offered


def test_the_sections_say_how_much_is_in_them(cast: World, browser_of: Browser) -> None:
    def counts(name: str) -> dict[str, int | None]:
        tabs = browser_of(name).get(url("team-detail", cast.team)).context["tabs"]
        return {str(tab["label"]): tab["count"] for tab in tabs}

    assert counts("team_admin")["Members"] == cast.team.memberships.count()
    assert counts("org_admin")["Keys"] == cast.team.keys.count()
    assert counts("member")["Members"] is None, "who is in here is not theirs to see"


def test_block_and_unblock(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    browser.post(url("team-block", cast.team))
    cast.team.refresh_from_db()
    assert cast.team.blocked_by == "organization"
    assert "Unblock" in browser.get(url("team-detail", cast.team)).content.decode()
    browser.post(url("team-unblock", cast.team))
    cast.team.refresh_from_db()
    assert cast.team.blocked_by == ""
    assert browser_of("team_admin").post(url("team-block", cast.team)).status_code == 403


def test_the_spend_is_reset_after_a_question(cast: World, browser_of: Browser) -> None:
    Spend.objects.create(kind="team", object_id=cast.team.pk, current=5_000_000_000, lifetime=9_000_000_000)
    browser = browser_of("org_admin")
    assert "$5.00" in browser.get(url("team-detail", cast.team)).content.decode()
    assert browser.get(url("team-reset", cast.team)).status_code == 200
    browser.post(url("team-reset", cast.team))
    assert Spend.objects.get(object_id=cast.team.pk).current == 0
    assert browser_of("team_admin").post(url("team-reset", cast.team)).status_code == 403


def test_deleting_takes_the_typed_name(cast: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    assert browser.post(url("team-delete", cast.team), {"typed": "something else"}).status_code == 422
    assert Team.objects.filter(pk=cast.team.pk).exists()
    assert browser.post(url("team-delete", cast.team), {"typed": cast.team.alias}).status_code == 302
    assert not Team.objects.filter(pk=cast.team.pk).exists()


def test_the_ten_permissions_are_one_form_for_who_may_and_a_table_for_others(cast: World, browser_of: Browser) -> None:
    at = url("team-permissions", cast.team)
    assert 'type="checkbox"' not in browser_of("member").get(at).content.decode()
    browser = browser_of("team_admin")
    page = browser.get(at)
    assert page.content.decode().count('type="checkbox"') == 10
    assert [p.route for p in page.context["permissions"] if p.granted] == ["/key/info", "/key/health"]
    browser.post(at, {"granted": ["view_keys", "create_keys"]})
    assert grants.on(cast.team, cast.team.group) == {Action.VIEW_KEYS, Action.CREATE_KEYS}
    assert browser.post(at, {"granted": ["delete_teams"]}).status_code == 422
    assert browser_of("member").post(at, {"granted": []}).status_code == 403
    browser.post(at, {})
    assert grants.on(cast.team, cast.team.group) == set()


def test_several_at_once_each_by_itself(cast: World, browser_of: Browser) -> None:
    mine, foreign = cast.team, cast.there.team
    sent = {"verb": "block", "row": [str(mine.pk), str(foreign.pk)]}
    answer = browser_of("org_admin").post("/ui/teams/bulk/", sent)
    assert [outcome.done for outcome in answer.context["outcomes"]] == [True, False]
    assert answer.context["outcomes"][1].label == str(foreign.pk), "no name of what is not there"
    asked = browser_of("org_admin").post("/ui/teams/bulk/", {"verb": "delete", "row": [str(mine.pk)]})
    assert "Delete 1 team?" in asked.content.decode()
    assert Team.objects.filter(pk=mine.pk).exists()
    assert browser_of("org_admin").post("/ui/teams/bulk/", {"row": [str(mine.pk)]}).status_code == 400


def test_filters_narrow_the_list(cast: World, browser_of: Browser) -> None:
    Team.objects.filter(pk=cast.other_team.pk).update(blocked_by="organization")
    browser = browser_of("proxy_admin")
    assert [row.pk for row in browser.get("/ui/teams/?state=blocked").context["teams"]] == [cast.other_team.pk]
    shown = browser.get(f"/ui/teams/?in={cast.there.organization.pk}&sort=alias_key").context["teams"]
    assert [row.alias for row in shown] == ["globex core", "globex sibling", "globex trusted"]
    assert not browser.get("/ui/teams/?in=none").context["teams"]
    assert browser_of("org_admin").get(f"/ui/teams/?in={cast.there.organization.pk}").context["teams"], "no choice"


@pytest.mark.parametrize("name", ["org_admin", "member", "auditor"])
def test_the_csv_holds_what_the_list_holds(cast: World, browser_of: Browser, name: str) -> None:
    answer = browser_of(name).get("/ui/teams/?format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    listed = browser_of(name).get("/ui/teams/").context["teams"]
    assert {row["id"] for row in rows} == {team.public_id for team in listed}
    assert any(row["budget_usd"] for row in rows) == (name != "member")


def test_the_history_says_who_did_what(cast: World, browser_of: Browser) -> None:
    browser_of("org_admin").post(url("team-block", cast.team))
    text = browser_of("team_admin").get(url("team-history", cast.team)).content.decode()
    assert "Team blocked" in text
    assert "Team blocked" not in browser_of("member").get(url("team-history", cast.team)).content.decode()
