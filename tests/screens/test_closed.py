"""What is closed says what is missing and who can help."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from teams.models import Membership
from tests.world import World

Browser = Callable[[str], Client]
PAGES: dict[str, tuple[str, Callable[[World], str]]] = {
    "a key": ("granted", lambda cast: reverse("key-edit", args=[cast.here.keys["granted_colleague_team"].pk])),
    "a team": ("team_admin", lambda cast: reverse("team-edit", args=[cast.team.pk])),
    "a project": ("project_owner", lambda cast: reverse("project-edit", args=[cast.project.pk])),
    "an organization": ("org_admin", lambda cast: reverse("organization-edit", args=[cast.organization.pk])),
    "oneself": ("member", lambda cast: reverse("person-edit", args=[cast.member.pk])),
    "the settings": ("auditor", lambda cast: reverse("settings")),
}


def form_of(browser: Client, url: str) -> Any:
    return browser.get(url).context["form"]


@pytest.mark.parametrize("name", PAGES)
def test_no_field_is_closed_without_a_word(cast: World, browser_of: Browser, name: str) -> None:
    persona, url = PAGES[name]
    form = form_of(browser_of(persona), url(cast))
    told = [field.field for field in form if field.field.disabled or "You may " in str(field.field.help_text)]
    assert told, "something is closed here"
    assert all(re.search("Only for those who may|To .+, ask: ", str(field.help_text)) for field in told)
    assert all(str(field.help_text).rstrip(".").rpartition(": ")[2] for field in told), "and somebody is named"


def test_who_may_lower_a_limit_is_told_who_raises_it(cast: World, browser_of: Browser) -> None:
    budget = form_of(browser_of("team_admin"), reverse("team-edit", args=[cast.team.pk])).fields["max_budget"]
    assert not budget.disabled
    assert "You may lower it. To raise or clear limits of" in budget.help_text
    free = form_of(browser_of("org_admin"), reverse("team-edit", args=[cast.team.pk])).fields["max_budget"]
    assert "lower it" not in str(free.help_text)
    member = Membership.objects.get(user=cast.member, team=cast.team)
    limits = form_of(browser_of("team_admin"), reverse("team-member-edit", args=[cast.team.pk, member.pk]))
    assert not any(field.field.disabled for field in limits), "who looks after the team sets its members' limits"


def test_what_closes_several_fields_is_said_once(cast: World, browser_of: Browser) -> None:
    page = browser_of("member").get(reverse("person-edit", args=[cast.member.pk])).text
    why = "Only for those who may change people&#x27;s budgets and limits"
    assert page.count(f'<p class="help whole">{why}') == 1
    assert page.count(f'<span class="visually-hidden"> {why}') == 7, "and each field is still read with it"
    lowered = browser_of("granted").get(reverse("key-edit", args=[cast.here.keys["granted_colleague_team"].pk])).text
    assert lowered.count('<p class="help whole">You may lower these.') == 1
    assert "You may move it earlier. To raise" in lowered, "a moment goes earlier, not lower"
    settings = browser_of("auditor").get(reverse("settings")).text
    assert settings.count('<p class="help">Only for those who may change settings') == 1
    assert settings.count('<span class="visually-hidden"> Only for those who may change settings') == 3


def test_the_form_of_a_key_offers_only_owners_that_one_may_choose(cast: World, browser_of: Browser) -> None:
    url = reverse("key-new")
    own = form_of(browser_of("member"), url).fields
    assert [value for value, _ in own["owner"].choices] == ["me"]
    assert "person" not in own
    assert "made by who manages" in own["owner"].help_text
    assert [value for value, _ in form_of(browser_of("granted"), url).fields["owner"].choices] == ["me", "service"]
    assert len(form_of(browser_of("team_admin"), url).fields["owner"].choices) == 3
    sent = {"home": f"team:{cast.team.pk}", "owner": "service", "expires": "30"}
    assert browser_of("member").post(url, sent).status_code == 422
