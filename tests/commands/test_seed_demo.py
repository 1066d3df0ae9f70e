"""`manage.py seed_demo`: believable, on record, and there only once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gateway.models import CatalogModel, DailyUsage, Label, ModelAccessGroup, RefusalCount, Spend, Usage
from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin.management.demo.cast import HOUSES, MODELS, PEOPLE
from rbacadmin.models import AuditEvent, Change
from teams.models import Invitation, Membership, Team, User

Run = Callable[..., str]
COUNTED = ("key", "organization")  # every call of the demo has both


@pytest.fixture
def demo(empty: None, run: Run) -> str:
    return run("seed_demo")


def test_it_is_all_there_clean_and_there_only_once(demo: str, run: Run) -> None:
    assert "3 organizations, 400 keys" in demo
    assert Organization.objects.filter(alias__in=[house.alias for house in HOUSES]).count() == 3
    assert Team.objects.count() == 12
    assert Project.objects.filter(is_default=False).count() == 5
    assert User.objects.filter(kind="person", platform_role="internal_user").count() == len(PEOPLE) == 60
    keys, now = Key.objects.all(), timezone.now()
    assert keys.count() == 400
    assert keys.filter(kind="service").count() > 20
    assert keys.filter(kind="personal", team=None, project=None).count() > 20
    assert keys.filter(project__isnull=False).count() > 20
    assert len(set(keys.exclude(blocked_by="").values_list("blocked_by", flat=True))) > 1
    assert keys.filter(expires_at__lt=now).count() > 10
    assert keys.filter(expires_at__gt=now, expires_at__lt=now + timedelta(days=7)).count() > 10
    assert keys.filter(expires_at=None).count() > 100
    ends = [
        end.replace(second=0, microsecond=0)
        for end in keys.exclude(expires_at=None).values_list("expires_at", flat=True)
    ]
    assert len(set(ends)) > len(ends) * 0.9, "keys end at moments of their own"
    assert Label.objects.filter(kind="tag").count() > 5
    assert set(RefusalCount.objects.values_list("status", flat=True)) == {401, 403, 429}
    assert not RefusalCount.objects.filter(minute__gt=now).exists()
    seen = DailyUsage.objects.filter(kind="customer").values_list("object_id", flat=True)
    assert set(seen) <= set(Label.objects.filter(kind="customer").values_list("pk", flat=True))
    assert seen
    assert CatalogModel.objects.filter(team=None).count() == len(MODELS)
    brought = CatalogModel.objects.filter(team__isnull=False, credential__isnull=False)
    assert brought.values("team").distinct().count() == 6
    assert ModelAccessGroup.objects.count() == 2
    assert Invitation.objects.filter(accepted_at=None, user__in=User.objects.filter(last_login=None)).count() > 5
    assert AuditEvent.objects.filter(outcome="refused").count() >= 40
    assert DailyUsage.objects.filter(kind="key").values("day").distinct().count() == 30
    spent = dict(Spend.objects.filter(kind="key").values_list("object_id", "lifetime"))
    over = [key.pk for key in keys if key.max_budget is not None and spent.get(key.pk, 0) > key.max_budget]
    assert not over
    assert not Spend.objects.filter(current__gt=F("lifetime")).exists()
    assert set(Spend.objects.values_list("kind", flat=True)) == {
        *("key", "user", "team", "project", "organization", "membership", "tag", "customer")
    }
    assert Usage.objects.count() > 5_000
    assert Usage.objects.exclude(customer="").exists()
    assert Usage.objects.exclude(tags=[]).exists()
    totals = {kind: sum(DailyUsage.objects.filter(kind=kind).values_list("requests", flat=True)) for kind in COUNTED}
    assert totals == dict.fromkeys(COUNTED, Usage.objects.count()), "each call is booked once"
    assert Label.objects.filter(kind="customer").count() > 10
    assert not Usage.objects.filter(ended_at__gt=now + timedelta(minutes=5)).exists()
    assert run("verify") == "All 9 invariants hold.\n"
    rows = (Organization, Team, User, Membership, Key, Spend, DailyUsage, Usage, AuditEvent, Change)
    before = [model._default_manager.count() for model in rows]
    assert "there already" in run("seed_demo")
    assert [model._default_manager.count() for model in rows] == before


@pytest.mark.sqlite
def test_pages_show_it_at_a_constant_cost(demo: str) -> None:
    leader = Membership.objects.filter(role="org_admin", organization__alias=HOUSES[0].alias).first()
    team = Team.objects.filter(organization__alias=HOUSES[0].alias).first()
    assert leader
    assert team
    organization = leader.organization
    assert organization
    browser = Client()
    browser.force_login(leader.user, backend="django.contrib.auth.backends.ModelBackend")
    urls: list[Any] = ["/ui/", "/ui/organizations/", f"/ui/organizations/{organization.pk}/", "/ui/teams/"]
    for url in [*urls, f"/ui/teams/{team.pk}/", "/ui/keys/"]:
        browser.get(url)  # what is read once a process
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        assert len(queries) <= 30, (url, len(queries))
