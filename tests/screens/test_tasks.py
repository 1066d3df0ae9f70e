"""Long work: one's own alone, done by one request at a time, still there after signing out, swept after a day."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from dashboard import exports
from dashboard.tasks import going_on
from gateway.models import DailyUsage
from keys.maintenance import JOBS
from keys.models import Key
from rbacadmin.models import AuditEvent, Task, TaskPart
from rbacadmin.tasks import keeping
from teams.models import User
from tests.factories import KeyFactory
from tests.usage import Use, book
from tests.world import World

Browser = Callable[[str], Client]
ADDRESS = "/ui/keys/?q=long&format=csv"


@pytest.fixture
def many(cast: World, monkeypatch: pytest.MonkeyPatch) -> list[Key]:
    """More keys than are sent at once; a part is one page of two."""
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    monkeypatch.setattr(exports, "ROWS", 2)
    monkeypatch.setattr("dashboard.listing.EXPORTED_AT_ONCE", 2)
    monkeypatch.setattr(going_on, "SECONDS", 0)
    return [KeyFactory(user=cast.member, organization=cast.organization, alias=f"long {number}") for number in range(5)]


def rows(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def begun(browser: Client, address: str = ADDRESS) -> str:
    place: str = browser.post("/ui/tasks/export/", {"address": address})["Location"]
    return place


def finished(browser: Client, at: str) -> Task:
    """The work, gone on with until it is done."""
    while not (task := browser.post(at, follow=True).context["task"]).finished_at:
        pass
    return task


def test_a_large_export_is_made_in_parts_and_downloaded_whole(
    cast: World, browser_of: Browser, many: list[Key]
) -> None:
    browser = browser_of("member")
    offered = browser.get(ADDRESS)
    assert offered.context["total"] == 5
    assert f'value="{ADDRESS.replace("&", "&amp;")}"' in offered.content.decode()
    at = begun(browser)
    assert browser.get(f"{at}file/").status_code == 404, "not half of it"
    for done in (2, 4, 5):
        task = browser.post(at, follow=True).context["task"]
        assert (task.done, task.total, bool(task.finished_at)) == (done, 5, done == 5)
    at_once = browser.get(f"{ADDRESS}&whole=1")
    made = browser.get(f"{at}file/")
    assert made["Content-Disposition"] == at_once["Content-Disposition"]
    found = rows(made)
    assert {row["alias"] for row in found} == {key.alias for key in many}
    assert found == rows(at_once)


def test_a_small_export_comes_at_once(cast: World, browser_of: Browser, many: list[Key]) -> None:
    assert len(rows(browser_of("member").get("/ui/keys/?q=long+4&format=csv"))) == 1
    assert not Task.objects.exists()


def test_each_part_is_what_one_may_see_by_then(cast: World, browser_of: Browser, many: list[Key]) -> None:
    browser = browser_of("team_admin")
    Key.objects.filter(pk__in=[key.pk for key in many]).update(team=cast.team)
    at = begun(browser)
    browser.post(at)
    cast.team_admin.memberships.all().delete()
    while not (task := browser.post(at, follow=True).context["task"]).finished_at:
        pass
    assert (task.done, len(rows(browser.get(f"{at}file/")))) == (2, 2)


def test_nobody_else_sees_it_and_it_outlives_the_session(cast: World, browser_of: Browser, many: list[Key]) -> None:
    at = begun(browser_of("member"))
    for name in ("proxy_admin", "org_admin", "stranger"):
        assert browser_of(name).get(at).status_code == browser_of(name).post(at).status_code == 404
        assert not browser_of(name).get("/ui/tasks/").context["tasks"]
    again = browser_of("member")  # signed in anew
    again.post(at)
    assert again.get(at).context["task"].done == 2
    root = browser_of("proxy_admin")
    root.post("/ui/view-as/", {"person": cast.member.email})
    assert root.get(at).status_code == 404, "not through their eyes either"


def test_the_review_of_who_holds_what_is_made_in_parts_too(
    cast: World, browser_of: Browser, many: list[Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.access.review_views.EXPORTED_AT_ONCE", 2)
    members, browser = cast.team.group.memberships.count(), browser_of("team_admin")
    assert members > 3
    address = f"/ui/access/review/team/{cast.team.pk}/?format=csv"
    assert browser.get(address).context["total"] == members
    at = begun(browser, address)
    assert browser.post(at, follow=True).context["task"].done == 2
    assert finished(browser, at).done == members
    made = rows(browser.get(f"{at}file/"))
    assert made == rows(browser.get(f"{address}&whole=1"))
    assert browser_of("stranger").post("/ui/tasks/export/", {"address": address}).status_code == 404


def test_usage_is_made_in_parts_too_and_every_group_comes_once(
    cast: World, browser_of: Browser, many: list[Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is booked meanwhile: the order of the parts does not depend on how much somebody used."""
    monkeypatch.setattr("dashboard.usage.export.TOGETHER", 2)
    book(Use(key, dollars=number) for number, key in enumerate(many))
    browser, address = browser_of("member"), "/ui/usage/?by=key&format=csv"
    assert browser.get(address).context["total"] == len(many)
    at = begun(browser, address)
    assert browser.post(at, follow=True).context["task"].done == 2
    DailyUsage.objects.filter(kind="key", object_id=many[0].pk).update(spend=10**12)
    finished(browser, at)
    made = rows(browser.get(f"{at}file/"))
    assert sorted(row["id"] for row in made) == sorted(str(key.pk) for key in many)
    of_organization = f"/ui/organizations/{cast.organization.pk}/usage/?by=key&format=csv"
    at = begun(browser_of("org_admin"), of_organization)
    assert finished(browser_of("org_admin"), at).done == len(many)
    assert browser_of("stranger").post("/ui/tasks/export/", {"address": of_organization}).status_code == 404


@pytest.mark.parametrize("place", ["/ui/usage/", "/ui/people/{}/usage/"])
def test_usage_that_takes_past_midnight_is_of_the_days_that_were_asked_for(
    cast: World, browser_of: Browser, many: list[Key], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr("dashboard.usage.export.TOGETHER", 2)
    evening = timezone.now().replace(hour=23, minute=59)
    first = evening.date() - timedelta(days=6)
    book(Use(key, day=first, model=f"model {number}") for number, key in enumerate(many))
    address = f"{place.format(cast.member.pk)}?by={'key' if place == '/ui/usage/' else 'model'}&days=7&format=csv"
    with time_machine.travel(evening, tick=False):
        browser = browser_of("member")
        at = begun(browser, address)
        browser.post(at, follow=True)
    with time_machine.travel(evening + timedelta(minutes=2), tick=False):
        finished(browser, at)
        assert len(rows(browser.get(f"{at}file/"))) == len(many), "those of the first day, too"
        assert not rows(browser.get(f"{address}&whole=1")), "today's window is another"


def test_what_is_no_list_is_not_exported(cast: World, browser_of: Browser) -> None:
    browser = browser_of("member")
    for address in (
        "",
        "/nowhere/",
        "/ui/",
        "/ui/keys/",
        "/accounts/logout/",
        "https://example.com/ui/keys/?format=csv",
    ):
        assert browser.post("/ui/tasks/export/", {"address": address}).status_code == 404
    foreign = f"/ui/organizations/{cast.there.organization.pk}/keys/?format=csv"
    assert browser.post("/ui/tasks/export/", {"address": foreign}).status_code == 404
    assert not Task.objects.exists()


def test_the_export_of_the_record_is_on_record_once(
    cast: World, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    browser, address = browser_of("auditor"), "/ui/audit/export/?format=ndjson"
    browser_of("proxy_admin").post(f"/ui/teams/{cast.team.pk}/block/")
    assert b"Make a file" in browser.get(address).content
    at = begun(browser, address)
    assert browser.post(at, follow=True).context["task"].finished_at
    assert b'"what":"team.blocked"' in b"".join(browser.get(f"{at}file/").streaming_content)
    assert AuditEvent.objects.filter(event="audit.exported").count() == 1
    assert browser_of("member").post("/ui/tasks/export/", {"address": address}).status_code == 403


def test_one_request_at_a_time(cast: World, browser_of: Browser, many: list[Key]) -> None:
    """A second tab waits; what a request that died had taken is free again after a minute."""
    browser = browser_of("member")
    at = begun(browser)
    task = Task.objects.get()
    assert keeping.take(task)
    assert browser.post(at, follow=True).context["task"].done == 0
    Task.objects.update(taken_until=timezone.now() - timedelta(seconds=1))
    assert browser.post(at, follow=True).context["task"].done == 2


def test_it_is_forgotten_after_a_day_and_beyond_twenty(cast: World, browser_of: Browser, many: list[Key]) -> None:
    browser = browser_of("member")
    at = begun(browser)
    browser.post(at)
    Task.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    assert browser.get(at).status_code == 404
    assert JOBS["long work forgotten"]() == 1
    assert not TaskPart.objects.exists()
    for _ in range(keeping.AT_MOST + 2):
        begun(browser)
    assert Task.objects.count() == keeping.AT_MOST


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> going_on.Alone:
    """What the thread of a process does; here it does so when it is told to, and nobody was at the work meanwhile."""
    monkeypatch.setattr(going_on, "QUIET", timedelta(0))
    return going_on.Alone()


def test_a_closed_page_does_not_stop_it(
    cast: World, browser_of: Browser, many: list[Key], alone: going_on.Alone
) -> None:
    browser = browser_of("member")
    at = begun(browser)
    for done in (2, 4, 5):
        alone.slices()
        assert Task.objects.get().done == done
    alone.slices()
    assert {row["alias"] for row in rows(browser.get(f"{at}file/"))} == {key.alias for key in many}


def test_an_open_page_is_left_to_itself(cast: World, browser_of: Browser, many: list[Key]) -> None:
    at, process = begun(browser_of("member")), going_on.Alone()
    process.slices()
    assert Task.objects.get().done == 0, "somebody was at it just now"
    browser_of("member").post(at)
    process.slices()
    assert Task.objects.get().done == 2
    Task.objects.update(taken_until=timezone.now() - going_on.QUIET - timedelta(seconds=1))
    process.slices()
    assert Task.objects.get().done == 4
    process.slices()
    assert Task.objects.get().done == 5, "once it is at it, it does not wait again"


def test_what_somebody_else_is_at_is_not_taken(
    cast: World, browser_of: Browser, many: list[Key], alone: going_on.Alone
) -> None:
    begun(browser_of("member"))
    assert keeping.take(Task.objects.get())
    alone.slices()
    assert Task.objects.get().done == 0


def test_alone_it_does_what_its_owner_may_by_then(
    cast: World, browser_of: Browser, many: list[Key], alone: going_on.Alone
) -> None:
    Key.objects.filter(pk__in=[key.pk for key in many]).update(team=cast.team)
    begun(browser_of("team_admin"))
    alone.slices()
    cast.team_admin.memberships.all().delete()
    alone.slices()
    task = Task.objects.get()
    assert (task.done, bool(task.finished_at)) == (2, True)


def test_the_work_of_who_is_blocked_waits_and_holds_up_nobody(
    cast: World, browser_of: Browser, many: list[Key], alone: going_on.Alone
) -> None:
    begun(browser_of("member"))
    begun(browser_of("team_admin"), "/ui/people/?format=csv")
    User.objects.filter(pk=cast.member.pk).update(blocked_by="platform")
    alone.slices()
    waits, other = Task.objects.order_by("created_at")
    assert (waits.done, other.done) == (0, 2)
    assert alone.failed.keys() == {waits.pk}
    alone.slices()
    assert Task.objects.get(pk=other.pk).done == 4


def test_what_is_done_alone_is_recorded_as_its_owners(
    cast: World, browser_of: Browser, many: list[Key], alone: going_on.Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.batches.AT_ONCE", 2)
    browser = browser_of("proxy_admin")
    browser.post("/ui/keys/bulk/?q=long", {"verb": "block", "all": "1", "typed": "5"})
    alone.slices()
    done = AuditEvent.objects.filter(event="key.blocked", outcome="done")
    assert {(event.actor_user_id, event.ip, event.door) for event in done} == {
        (cast.proxy_admin.pk, "127.0.0.1", "dashboard")
    }
    assert done.count() == 2
