"""The screens of keys: making, changing, blocking and ending them, without JavaScript."""

import csv
import html
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gateway.models import CatalogModel
from keys import secrets
from keys.models import Key
from keys.services import generate_key, update_key
from rbacadmin.config_file.shapes import KeyDefaults, UpperBounds
from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action, Actor
from teams.services import set_member_permissions
from tests.factories import KeyFactory
from tests.world import World

Browser = Callable[[str], Client]


def url(name: str, key: Key) -> str:
    return reverse(name, args=[key.pk])


def new(browser: Client, **fields: str) -> Any:
    return browser.post("/ui/keys/new/", {"owner": "me", "expires": "30", **fields})


def test_the_secret_is_shown_once_and_nothing_keeps_the_page(cast: World, browser_of: Browser) -> None:
    browser = browser_of("team_admin")
    answer = new(browser, alias="laptop", home=f"team:{cast.team.pk}", max_budget="12.5", models="gpt-4, gpt-4o")
    key = Key.objects.get(alias="laptop")
    assert (key.user, key.team, key.max_budget, key.models) == (
        cast.team_admin, cast.team, 12_500_000_000, ["gpt-4", "gpt-4o"]
    )  # fmt: skip
    secret = answer.context["secret"]
    assert secrets.digest(secret) == key.token
    assert answer.content.decode().count(secret) == 3
    assert "no-store" in answer["Cache-Control"]
    assert secret not in browser.get(url("key-detail", key)).content.decode()
    assert secret not in browser.get(url("key-history", key)).content.decode()


def test_the_new_secrets_page_calls_a_model_that_the_key_may_call(cast: World, browser_of: Browser) -> None:
    browser = browser_of("team_admin")
    for scope in (cast.organization, cast.team):
        scope.models = ["open", "closed", "shut"]
        scope.save()
    for name in ("closed", "open", "shut"):
        CatalogModel.objects.create(name=name, params={"model": "mock/echo"}, blocked=name == "shut")
    answer = new(browser, alias="laptop", home=f"team:{cast.team.pk}", models="open")
    assert answer.context["model"] == "open"
    said = html.unescape(answer.content.decode())
    assert "http://testserver/v1/chat/completions" in said
    assert '"model": "open"' in said
    assert new(browser, alias="desk", home=f"team:{cast.team.pk}", models="shut").context["model"] is None


def test_a_key_for_somebody_else_names_a_person_that_one_can_see(cast: World, browser_of: Browser) -> None:
    home = f"team:{cast.team.pk}"
    answer = new(browser_of("team_admin"), alias="for her", home=home, owner="person", person=cast.colleague.email)
    assert answer.status_code == 200
    assert Key.objects.get(alias="for her").user == cast.colleague
    hidden = new(browser_of("team_admin"), alias="no", home=home, owner="person", person=cast.there.colleague.email)
    assert hidden.status_code == 422
    assert "Nobody that you can see" in hidden.content.decode()
    assert not Key.objects.filter(alias="no").exists()


def test_a_budget_above_the_teams_is_said_next_to_the_field(cast: World, browser_of: Browser) -> None:
    answer = new(browser_of("team_admin"), alias="greedy", home=f"team:{cast.team.pk}", max_budget="101")
    assert answer.status_code == 422
    assert "max_budget" in answer.context["form"].errors
    assert not Key.objects.filter(alias="greedy").exists()


def test_a_team_of_another_organization_is_no_choice(cast: World, browser_of: Browser) -> None:
    answer = new(browser_of("team_admin"), alias="there", home=f"team:{cast.there.team.pk}")
    assert answer.status_code == 422
    assert not Key.objects.filter(alias="there").exists()


def test_a_viewer_makes_no_personal_key(cast: World, browser_of: Browser) -> None:
    assert new(browser_of("viewer"), alias="mine").status_code == 403
    assert not Key.objects.filter(alias="mine").exists()
    assert AuditEvent.objects.filter(event="key.generate", status=403, actor_user_id=cast.viewer.pk).exists()


@pytest.mark.parametrize("name", ["viewer", "auditor"])
def test_who_can_make_no_key_is_offered_none(cast: World, browser_of: Browser, name: str) -> None:
    browser = browser_of(name)
    for page in ("/ui/", "/ui/keys/", "/ui/account/keys/"):
        assert "/ui/keys/new/" not in browser.get(page).content.decode(), page
    assert browser.get("/ui/keys/new/").status_code == 403
    assert b"/ui/keys/new/" in browser_of("member").get("/ui/keys/").content


def test_only_what_was_changed_is_changed(cast: World, browser_of: Browser) -> None:
    key = cast.here.keys["colleague_team"]
    form = browser_of("team_admin").get(url("key-edit", key)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"rpm_limit": "7"}
    assert browser_of("team_admin").post(url("key-edit", key), sent).status_code == 302
    event = AuditEvent.objects.get(event="key.updated", object_id=str(key.pk))
    assert event.details["changed"] == {"rpm_limit": [None, 7]}


def test_a_field_that_is_closed_says_who_can_help(cast: World, browser_of: Browser) -> None:
    key = cast.here.keys["member_personal"]
    key.max_budget = 5_000_000_000
    key.save()
    form = browser_of("member").get(url("key-edit", key)).context["form"]
    assert not form.fields["max_budget"].disabled, "lowering is open"
    closed = browser_of("member").post(url("key-edit", key), {"alias": key.alias, "max_budget": "6"})
    assert closed.status_code == 403
    key.refresh_from_db()
    assert key.max_budget == 5_000_000_000


def test_block_and_unblock(cast: World, browser_of: Browser) -> None:
    key, browser = cast.here.keys["colleague_team"], browser_of("team_admin")
    assert browser.post(url("key-block", key)).status_code == 302
    key.refresh_from_db()
    assert key.blocked_by == "team"
    assert "Unblock" in browser.get(url("key-detail", key)).content.decode()
    browser.post(url("key-unblock", key))
    key.refresh_from_db()
    assert key.blocked_by == ""
    assert browser_of("member").post(url("key-block", key)).status_code == 403
    key.refresh_from_db()
    assert key.blocked_by == ""


def test_a_new_secret_with_grace(cast: World, browser_of: Browser) -> None:
    key, browser = cast.here.keys["colleague_team"], browser_of("team_admin")
    before = key.token
    assert browser.get(url("key-regenerate", key)).status_code == 200
    answer = browser.post(url("key-regenerate", key), {"grace": "24"})
    key.refresh_from_db()
    assert secrets.digest(answer.context["secret"]) == key.token != before == key.previous_token


def test_deleting_takes_the_typed_name(cast: World, browser_of: Browser) -> None:
    key, browser = cast.here.keys["colleague_team"], browser_of("team_admin")
    assert browser.post(url("key-delete", key), {"typed": "something else"}).status_code == 422
    assert Key.objects.filter(pk=key.pk).exists()
    assert browser.post(url("key-delete", key), {"typed": key.alias}).status_code == 302
    assert not Key.objects.filter(pk=key.pk).exists()


def test_several_at_once_each_by_itself(cast: World, browser_of: Browser) -> None:
    mine, foreign = cast.here.keys["colleague_team"], cast.there.keys["colleague_team"]
    answer = browser_of("team_admin").post("/ui/keys/bulk/", {"verb": "block", "row": [str(mine.pk), str(foreign.pk)]})
    assert [outcome.done for outcome in answer.context["outcomes"]] == [True, False]
    assert answer.context["outcomes"][1].label == str(foreign.pk), "no name of what is not there"
    assert Key.objects.get(pk=mine.pk).blocked_by == "team"
    assert Key.objects.get(pk=foreign.pk).blocked_by == ""


def test_deleting_several_is_asked_about(cast: World, browser_of: Browser) -> None:
    rows = [str(cast.here.keys[name].pk) for name in ("colleague_team", "member_team")]
    browser = browser_of("team_admin")
    asked = browser.post("/ui/keys/bulk/", {"verb": "delete", "row": rows})
    assert "Delete 2 keys?" in asked.content.decode()
    assert Key.objects.filter(pk__in=rows).count() == 2
    browser.post("/ui/keys/bulk/", {"verb": "delete", "row": rows, "typed": "2"})
    assert not Key.objects.filter(pk__in=rows).exists()


@pytest.mark.parametrize("name", ["org_admin", "member", "auditor"])
def test_the_csv_holds_what_the_list_holds(cast: World, browser_of: Browser, name: str) -> None:
    browser = browser_of(name)
    cast.here.keys["member_team"].__class__.objects.filter(alias="member-team").update(alias="=cmd()")
    answer = browser.get("/ui/keys/?format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    listed = browser.get("/ui/keys/").context["keys"]
    assert {row["id"] for row in rows} >= {key.public_id for key in listed if name != "member"}
    assert "'=cmd()" in {row["alias"] for row in rows}
    assert answer["Content-Disposition"].startswith('attachment; filename="keys-')


def test_filters_narrow_the_list(cast: World, browser_of: Browser) -> None:
    key = cast.here.keys["colleague_team"]
    key.blocked_by = "team"
    key.save()
    browser = browser_of("org_admin")
    assert [row.pk for row in browser.get("/ui/keys/?state=blocked").context["keys"]] == [key.pk]
    robots = {row.label for row in browser.get("/ui/keys/?kind=service").context["keys"]}
    assert robots == {"project-robot", "granted-robot", "team-robot"}
    assert browser.get("/ui/keys/?state=nonsense").status_code == 200


def test_the_history_says_who_did_what(cast: World, browser_of: Browser) -> None:
    key, browser = cast.here.keys["colleague_team"], browser_of("team_admin")
    browser.post(url("key-block", key))
    browser_of("member").post(url("key-block", key))
    text = browser.get(url("key-history", key)).content.decode()
    assert "Key blocked" in text
    assert "Refused" in text


def test_an_end_that_nobody_chose_is_said_to_be_a_settings(cast: World, browser_of: Browser, settings: Any) -> None:
    me, places = cast.actor("member"), {"owner": cast.member, "organization": cast.organization}
    chosen, _ = generate_key(me, **places, expires_at=timezone.now() + timedelta(days=3))
    settings.KEY_DEFAULTS = KeyDefaults(duration="30d")
    usual, _ = generate_key(me, **places)
    settings.KEY_BOUNDS, settings.KEY_DEFAULTS = UpperBounds(duration="60d"), None
    bound, _ = generate_key(me, **places)
    browser, words = browser_of("member"), "nobody chose that: the setting <code>{}</code>"
    for key, name in ((usual, "default_key_generate_params"), (bound, "upperbound_key_generate_params")):
        assert words.format(name) in browser.get(url("key-detail", key)).text
    assert "nobody chose that" not in browser.get(url("key-detail", chosen)).text
    update_key(me, usual, expires_at=timezone.now() + timedelta(days=2))
    assert "nobody chose that" not in browser.get(url("key-detail", usual)).text, "now somebody did"


def test_keys_that_one_may_only_list_are_one_row(cast: World, browser_of: Browser) -> None:
    set_member_permissions(Actor.master(), cast.team, permissions=frozenset({Action.LIST_KEYS}))
    for number in range(3):
        KeyFactory(user=cast.colleague, team=cast.team, organization=cast.organization, alias=f"not theirs {number}")
    browser = browser_of("member")
    answer = browser.get(f"/ui/teams/{cast.team.pk}/keys/")
    closed, page = answer.context["closed"], answer.content.decode()
    assert closed >= 3
    assert f"{closed} keys of others" in page
    assert "not theirs" not in page
    asked = browser.post("/ui/keys/bulk/?q=theirs", {"all": "1", "verb": "block"})
    assert asked.status_code == 400, "nothing can be done to what one may only list"
