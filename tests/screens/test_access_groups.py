"""The screens of access groups: written by who runs the platform, seen by whom they concern."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from gateway.models import ModelAccessGroup
from keys.models import Key
from rbacadmin.models import AuditEvent
from teams.models import Team
from tests.world import World

Browser = Callable[[str], Client]


def url(name: str, group: ModelAccessGroup) -> str:
    return reverse(name, args=[group.pk])


def test_a_group_is_seen_by_those_whose_lists_name_it(cast: World, browser_of: Browser) -> None:
    group = cast.catalog["fast"]
    assert browser_of("member").get(url("group-detail", group)).status_code == 404
    Team.objects.filter(pk=cast.team.pk).update(models=["fast"])
    browser = browser_of("member")
    assert browser.get("/ui/models/groups/").context["groups"] == [(group, 1)]
    page = browser.get(url("group-detail", group))
    assert [name for name, _ in page.context["models"]] == ["claude"]
    assert url("group-edit", group) not in page.content.decode()
    assert browser.get(url("group-edit", group)).status_code == 403


def test_making_and_changing_one(cast: World, browser_of: Browser) -> None:
    browser = browser_of("proxy_admin")
    sent = {"name": "smart", "models": "o3, claude", "description": "For hard questions."}
    answer = browser.post("/ui/models/groups/new/", sent)
    group = ModelAccessGroup.objects.get(name="smart")
    assert (answer["Location"], group.models) == (url("group-detail", group), ["o3", "claude"])
    assert browser.post(url("group-edit", group), {"models": "o3", "description": ""}).status_code == 302
    group.refresh_from_db()
    assert (group.models, group.description) == (["o3"], "")
    assert "o3, claude" in browser.get(url("group-history", group)).content.decode()


def test_what_is_wrong_is_said_next_to_the_field_and_nothing_changes(cast: World, browser_of: Browser) -> None:
    browser, group = browser_of("proxy_admin"), cast.catalog["fast"]
    taken = browser.post("/ui/models/groups/new/", {"name": "claude", "models": "o3"})
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["name"])
    empty = browser.post("/ui/models/groups/new/", {"name": "none", "models": ""})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["models"])
    for models in ("no-such-model", ""):
        refused = browser.post(url("group-edit", group), {"models": models})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["models"])
    group.refresh_from_db()
    assert group.models == ["claude"]
    assert ModelAccessGroup.objects.count() == 1


def test_a_group_in_use_stays_and_its_uses_are_named(cast: World, browser_of: Browser) -> None:
    browser, group = browser_of("proxy_admin"), cast.catalog["fast"]
    key = cast.here.keys["member_team"]
    Key.objects.filter(pk=key.pk).update(models=["fast"])
    held = browser.post(url("group-delete", group), {"typed": "fast"})
    assert held.status_code == 409
    assert f"In use by 1 key ({key.label})." in held.content.decode()
    assert AuditEvent.objects.filter(status=409, object_id=str(group.pk)).exists()
    Key.objects.filter(pk=key.pk).update(models=None)
    assert browser.post(url("group-delete", group), {"typed": "no"}).status_code == 422
    assert browser.post(url("group-delete", group), {"typed": "fast"}).status_code == 302
    assert not ModelAccessGroup.objects.exists()


def test_nobody_else_makes_one(cast: World, browser_of: Browser) -> None:
    for name in ("org_admin", "auditor", "member"):
        answer = browser_of(name).post("/ui/models/groups/new/", {"name": "mine", "models": "o3"})
        assert answer.status_code == 403
    assert not ModelAccessGroup.objects.filter(name="mine").exists()
