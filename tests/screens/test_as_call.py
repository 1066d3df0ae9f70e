"""A form as a call: what is shown does what the form would have done."""

import json
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keys.models import Key
from orgs.models import Organization, Project
from tests.matrix.managed import changed, snapshot
from tests.world import World

Browser = Callable[[str], Client]
LIMITS = {"max_budget": "12.5", "budget_duration": "30d", "soft_budget": "10", "rpm_limit": "60", "models": "gpt-4o"}
AWKWARD = 'it\'s "new" $HOME `id` \N{ROCKET}'
FORMS: dict[str, tuple[str, dict[str, str], str]] = {
    "organization": ("/ui/organizations/new/", {"tags": "a, b"}, "organization_alias"),
    "project": ("/ui/projects/new/", {"organization": "here", "kubernetes_namespace": "team-a"}, "title"),
    "team": ("/ui/teams/new/", {"organization": "here"}, "team_alias"),
    "key": ("/ui/keys/new/", {"home": "team", "owner": "me", "expires": "30"}, "key_alias"),
    "key of a service account": ("/ui/keys/new/", {"home": "team", "owner": "service", "expires": ""}, "key_alias"),
}


def told(answer: Any) -> tuple[str, Any]:
    """The path and the body of the command, as a shell would read it."""
    assert answer.status_code == 200
    assert "$RBACADMIN_KEY" in answer.text
    words = shlex.split(answer.context["call"]["command"].replace("\\\n", " "))
    return words[words.index("POST") + 1].removeprefix("http://testserver"), json.loads(words[words.index("-d") + 1])


@pytest.mark.parametrize("kind", ["team", "project"])
def test_a_team_and_a_project_are_changed_by_a_call_too(
    cast: World, browser_of: Browser, api: Callable[..., Any], kind: str
):
    row = getattr(cast, kind)
    form = {"alias": row.alias, "max_budget": "7", "rpm_limit": str(row.rpm_limit), "tags": "", "assignments": ""}
    path, body = told(browser_of("org_admin").post(f"/ui/{kind}s/{row.pk}/edit/", {**form, "as": "curl"}))
    assert body == {f"{kind}_id": row.public_id, "max_budget": 7}
    assert api("POST", path, body, as_="org_admin").status_code == 200
    row.refresh_from_db()
    assert row.max_budget == 7 * 10**9


@pytest.mark.parametrize("name", FORMS)
def test_the_call_makes_what_the_form_describes(cast: World, browser_of: Browser, api: Callable[..., Any], name: str):
    address, more, alias = FORMS[name]
    named = {"here": str(cast.organization.pk), "team": f"team:{cast.team.pk}"}
    sent = {"alias": AWKWARD, **LIMITS, **{key: named.get(value, value) for key, value in more.items()}}
    rows = snapshot()
    path, body = told(browser_of("proxy_admin").post(address, {**sent, "as": "curl"}))
    assert not changed(rows, snapshot()), "it was only looked at"
    answer = api("POST", path, body, as_="proxy_admin")
    assert answer.status_code == 200, answer.content
    made = answer.json()
    made = made[0] if isinstance(made, list) else made
    assert made[alias if alias in made else "title"] == AWKWARD
    assert (made["max_budget"], made["rpm_limit"], made["models"]) == (12.5, 60, ["gpt-4o"])
    if name.startswith("key"):
        row = Key.objects.get(alias=AWKWARD)
        assert row.team == cast.team
        assert (row.expires_at is None) == (not more["expires"])
        assert (row.user == cast.proxy_admin) == (more["owner"] == "me")


def test_the_call_of_a_change_sends_what_was_changed_only(cast: World, browser_of: Browser, api: Callable[..., Any]):
    row = cast.organization
    form = {"alias": "renamed", "tags": "", "max_budget": "", "models": ", ".join(row.models)}
    path, body = told(browser_of("proxy_admin").post(f"/ui/organizations/{row.pk}/edit/", {**form, "as": "curl"}))
    assert body == {"organization_id": row.public_id, "organization_alias": "renamed", "max_budget": None}
    assert Organization.objects.get(pk=row.pk).alias == "acme"
    assert api("POST", path, body, as_="proxy_admin").status_code == 200
    row.refresh_from_db()
    assert (row.alias, row.max_budget) == ("renamed", None)
    assert row.models


def test_where_a_project_runs_is_part_of_its_call(cast: World, browser_of: Browser, api: Callable[..., Any]):
    lines = "team-a cluster:eu-1 queue:gpu accelerator=a100"
    sent = {"alias": "lab", "organization": str(cast.organization.pk), "assignments": lines, "as": "curl"}
    path, body = told(browser_of("org_admin").post("/ui/projects/new/", sent))
    assert api("POST", path, body, as_="org_admin").status_code == 200
    browser_of("org_admin").post("/ui/projects/new/", {**sent, "alias": "lab 2", "as": ""})
    assert Project.objects.get(alias="lab").assignments == Project.objects.get(alias="lab 2").assignments


def test_a_form_that_does_not_fit_shows_no_call(cast: World, browser_of: Browser):
    answer = browser_of("proxy_admin").post("/ui/organizations/new/", {"alias": "", "as": "curl"})
    assert answer.status_code == 422
    assert "call" not in answer.context
