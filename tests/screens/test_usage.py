"""Usage on screen: everybody's own slice, by whom and with what, drawn and as a file."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gateway.ledger.models import Label
from gateway.ledger.usage import id_of_name
from gateway.models import DailyUsage
from keys.services import delete_keys
from rbacadmin.money import NANO
from tests.world import World

Browser = Callable[[str], Client]


@pytest.fixture
def used(cast: World) -> World:
    """Two dollars of the member and three of a colleague in the team, one of the other organization."""
    today = timezone.now().date()
    here, there = cast.here, cast.there

    def book(dollars: int, model: str, ago: int, side: Any, person: Any, key: Any) -> None:
        membership = person.memberships.get(team=side.team)
        rows = (("key", key), ("user", person), ("team", side.team), ("organization", side.organization),
                ("membership", membership))  # fmt: skip
        for kind, row in rows:
            counts = {"requests": dollars, "spend": dollars * NANO, "prompt_tokens": 10 * dollars}
            line, made = DailyUsage.objects.get_or_create(
                kind=kind, object_id=row.pk, day=today - timedelta(days=ago), model=model, defaults=counts
            )
            if not made:
                DailyUsage.objects.filter(pk=line.pk).update(
                    **{name: getattr(line, name) + more for name, more in counts.items()}
                )

    book(2, "gpt-4o", 1, here, here.member, here.keys["member_team"])
    book(3, "claude", 1, here, here.colleague, here.keys["colleague_team"])
    book(7, "claude", 40, here, here.colleague, here.keys["colleague_team"])
    book(1, "gpt-4o", 0, there, there.member, there.keys["member_team"])
    return cast


def seen(browser: Client, query: str = "") -> dict[str, int]:
    groups = browser.get(f"/ui/usage/?{query}").context["usage"].groups
    return {group.name: group.counts["spend"] // NANO for group in groups}


def test_everybody_sees_their_slice(used: World, browser_of: Browser) -> None:
    assert seen(browser_of("proxy_admin")) == {"acme": 5, "globex": 1}
    assert seen(browser_of("org_admin"), "by=organization") == {"acme": 5}
    assert seen(browser_of("team_admin")) == {"acme core": 5}
    assert seen(browser_of("member"), "by=team") == {"acme core": 2}, "one's own part"
    assert seen(browser_of("member"), "by=organization") == {}
    assert seen(browser_of("member"), "by=key") == {"member-team": 2}
    assert seen(browser_of("loner"), "by=key") == {}
    assert set(seen(browser_of("proxy_admin"), "by=person")) == {
        used.member.label, used.colleague.label, used.there.member.label
    }  # fmt: skip
    assert seen(browser_of("member"), "by=person") == {used.member.label: 2}
    assert seen(browser_of("org_admin"), "by=person") == {}, "what people spend elsewhere is not theirs to read"


def test_periods_measures_and_models(used: World, browser_of: Browser) -> None:
    browser = browser_of("org_admin")
    assert seen(browser, "by=model&days=90") == {"claude": 10, "gpt-4o": 2}
    assert seen(browser, "by=model&days=7") == {"claude": 3, "gpt-4o": 2}
    answer = browser.get("/ui/usage/?by=organization&measure=tokens&days=7")
    assert (answer.context["usage"].chart.total, len(answer.context["usage"].chart.bars)) == (50, 7)
    assert browser.get("/ui/usage/?by=nonsense&days=12&measure=x").context["asked"].days == 30


def test_one_row_is_told_apart_by_model(used: World, browser_of: Browser) -> None:
    of = f"by=team&of={used.team.pk}"
    assert seen(browser_of("team_admin"), of) == {"claude": 3, "gpt-4o": 2}
    assert seen(browser_of("member"), of) == {"gpt-4o": 2}
    assert browser_of("stranger").get(f"/ui/usage/?{of}").status_code == 404
    assert browser_of("reader").get(f"/ui/usage/?by=organization&of={used.organization.pk}").status_code == 403


def test_the_file_holds_what_the_table_holds(used: World, browser_of: Browser) -> None:
    answer = browser_of("org_admin").get("/ui/usage/?by=model&format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["model"], row["spend_usd"], row["requests"]) for row in rows] == [
        ("claude", "3.0", "3"), ("gpt-4o", "2.0", "2"),
    ]  # fmt: skip


def test_what_is_gone_keeps_its_usage_and_has_no_link(used: World, browser_of: Browser) -> None:
    key = used.here.keys["member_team"]
    ident = str(key.pk)
    delete_keys(used.actor("proxy_admin"), key)
    group = browser_of("proxy_admin").get("/ui/usage/?by=key").context["usage"].groups
    found = {one.ident: (one.name, one.gone, one.counts["spend"]) for one in group}
    assert found[ident] == ("member-team", True, 2 * NANO)


def test_tags_and_end_users_are_for_those_who_see_all_that_was_spent(used: World, browser_of: Browser) -> None:
    today = timezone.now().date()
    for kind, name, dollars in (("tag", "nightly", 4), ("tag", "<b>ci</b>", 1), ("customer", "visitor 7", 2)):
        label = Label.objects.create(kind=kind, name=name, object_id=id_of_name(kind, name))
        counts = {"spend": dollars * NANO, "requests": 1}
        DailyUsage.objects.create(kind=kind, object_id=label.pk, day=today, model="gpt-4o", **counts)
    assert seen(browser_of("auditor"), "by=tag") == {"nightly": 4, "<b>ci</b>": 1}
    assert seen(browser_of("proxy_admin"), "by=customer") == {"visitor 7": 2}
    assert browser_of("org_admin").get("/ui/usage/?by=tag").context["asked"].by == "team", "not offered"
    assert "<b>ci</b>" not in browser_of("auditor").get("/ui/usage/?by=tag").content.decode()
    answer = browser_of("auditor").get("/ui/usage/?by=tag&format=csv")
    assert b"nightly" in b"".join(answer.streaming_content)
