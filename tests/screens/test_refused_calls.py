"""The decision log on screen: who sees which refusals, its filters, and taking it home."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gateway import admission
from gateway.admission import Refused, decision_log
from gateway.decisions import RefusalCount
from keys import secrets
from keys.maintenance import JOBS
from rbacadmin.models import AuditEvent
from tests.world import World

Browser = Callable[[str], Client]


def refused(secret: str, model: str = "o3", times: int = 1) -> None:
    """Calls that are turned away."""
    for _ in range(times):
        with pytest.raises(Refused):
            admission.admit(
                admission.authenticate(secret),
                model=model,
                route="/v1/chat/completions",
                prompt_tokens=1,
                completion_tokens=1,
            )


@pytest.fixture
def recorded(cast: World) -> World:
    """Calls refused on both sides, to a key that is blocked, and to nobody's."""
    for side in (cast.here, cast.there):
        refused(side.keys["member_team"].secret, times=3)
        refused(side.keys["project_member_project"].secret)
    blocked = cast.here.keys["colleague_team"]
    blocked.blocked_by = "team"
    blocked.save()
    refused(blocked.secret, "gpt-4o", times=2)
    refused(secrets.make("personal"), times=2)
    decision_log.flush()
    return cast


def shown(browser: Client, **query: str) -> list[tuple[str, int, str, int]]:
    rows = browser.get("/ui/audit/refused/", query).context["page"].items
    return sorted((row.key_label, row.status, row.level, row.count) for row in rows)


def test_refusals_are_counted_by_key_level_and_status(recorded: World) -> None:
    rows = RefusalCount.objects.order_by("key_label", "status")
    assert [(row.key_label, row.status, row.code, row.level) for row in rows.filter(team_id=recorded.team.pk)] == [
        ("colleague-team", 401, "auth_error", "key"),
        ("member-team", 403, "org_model_access_denied", "organization"),
    ]
    refused(recorded.here.keys["member_team"].secret)
    decision_log.flush()
    mine = rows.filter(key_id=recorded.here.keys["member_team"].pk)
    assert sum(row.count for row in mine) == 4  # the clock may have begun another minute


def test_each_person_sees_their_slice(recorded: World, browser_of: Browser) -> None:
    member = ("member-team", 403, "organization", 3)
    blocked = ("colleague-team", 401, "key", 2)
    project = ("project_member-project", 403, "organization", 1)
    assert shown(browser_of("member")) == [member]
    assert shown(browser_of("team_admin")) == [blocked, member]
    assert shown(browser_of("org_admin")) == [blocked, member, project]
    assert shown(browser_of("stranger")) == [member, project]
    assert shown(browser_of("loner")) == []
    assert ("", 401, "key", 2) in shown(browser_of("auditor"))


def test_what_refused_is_named_to_whoever_sees_it(recorded: World, browser_of: Browser) -> None:
    def names(who: str) -> set[str]:
        return {row.name for row in browser_of(who).get("/ui/audit/refused/").context["rows"]}

    assert names("auditor") == {"", recorded.organization.alias, recorded.there.organization.alias}
    assert recorded.there.organization.alias not in names("org_admin")
    assert names("org_admin") == {"", recorded.organization.alias}


def test_the_filters_narrow(recorded: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    assert [row[0] for row in shown(browser, status="401")] == ["colleague-team"]
    assert [row[0] for row in shown(browser, level="organization", q="project")] == ["project_member-project"]
    assert [row[0] for row in shown(browser, scope=f"project:{recorded.project.pk}")] == ["project_member-project"]
    assert shown(browser, to="2001-01-01") == []
    assert browser.get(f"/ui/audit/refused/?scope=team:{recorded.there.team.pk}").status_code == 404


def test_an_export_holds_the_slice_and_goes_on_record(recorded: World, browser_of: Browser) -> None:
    answer: Any = browser_of("org_admin").get("/ui/audit/refused/export/", {"status": "403"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {(row["key"], row["calls"]) for row in rows} == {("member-team", "3"), ("project_member-project", "1")}
    event = AuditEvent.objects.get(event="audit.exported")
    assert event.details == {"filters": {"log": "refused calls", "status": "403"}}
    assert browser_of("team_admin").get("/ui/audit/refused/export/").status_code == 403


def test_maintenance_forgets_what_is_old(recorded: World, settings: Any) -> None:
    before = RefusalCount.objects.count()
    old = timezone.now() - timedelta(days=settings.REFUSALS_KEPT_DAYS + 1)
    RefusalCount.objects.filter(status=401).update(minute=old)
    assert 0 < JOBS["old refusals forgotten"]() < before
    assert not RefusalCount.objects.filter(status=401).exists()
