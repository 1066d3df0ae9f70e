"""Pages: order, cursors that cannot be forged, and columns that may be sorted by."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keys.models import Key
from orgs.models import Organization
from rbacadmin import policy
from rbacadmin.policy import Action
from rbacadmin.policy.page import COUNT_CAP, MAX_OFFSET, MAX_SIZE
from teams.models import Membership, Team, User
from tests.factories import KeyFactory, TeamFactory, join
from tests.world import World


def walk(actor: Any, order: str, size: int, queryset: Any = None) -> list[Any]:
    source = Team.objects.all() if queryset is None else queryset
    found: list[Any] = []
    cursor = None
    while True:
        page = policy.page(actor, Action.SEE_TEAMS, source, order, cursor, size)
        found += page.items
        assert page.next_cursor is None or page.next_cursor != cursor, "a page that leads to itself"
        if (cursor := page.next_cursor) is None:
            return found


@pytest.mark.parametrize(
    "order", ["alias", "-alias", "created_at", "-created_at", "alias_key", "public_id", "-id", "id"]
)
def test_pages_follow_every_order_and_break_ties_by_the_id(cast: World, order: str) -> None:
    now = timezone.now()
    TeamFactory.create_batch(5, organization=cast.organization, created_at=now)
    sign = "-" if order.startswith("-") else ""
    for name in ("org_admin", "team_admin", "proxy_admin"):
        actor = cast.actor(name)
        whole = list(policy.visible(actor, Action.SEE_TEAMS, Team.objects.order_by(order, f"{sign}pk")))
        for size in (1, 3, 100):
            assert walk(actor, order, size) == whole


def test_a_page_goes_on_where_it_stopped_although_rows_come_and_go(cast: World) -> None:
    actor = cast.actor("org_admin")
    first = policy.page(actor, Action.SEE_TEAMS, Team.objects.all(), size=2)
    rest = walk(actor, "-created_at", 100)[2:]
    TeamFactory(organization=cast.organization)
    Team.objects.filter(pk=first.items[0].pk).update(organization=None)
    second = policy.page(actor, Action.SEE_TEAMS, Team.objects.all(), after=first.next_cursor)
    assert second.items == rest


def test_the_size_of_a_page_has_bounds(cast: World) -> None:
    TeamFactory.create_batch(MAX_SIZE, organization=cast.organization)
    actor = cast.actor("org_admin")
    assert len(policy.page(actor, Action.SEE_TEAMS, Team.objects.all(), size=10**9).items) == MAX_SIZE
    assert len(policy.page(actor, Action.SEE_TEAMS, Team.objects.all(), size=-5).items) == 1


def forged(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "ü",
        "%00",
        "\0",
        "====",
        "W10",
        forged([]),
        forged([None, None]),
        forged(["2026-01-01T00:00:00+00:00", None]),
        forged(["0001-01-01T00:00:00+14:00", "00000000-0000-4000-8000-000000000001"]),
        forged(["2026-01-01", "00000000-0000-4000-8000-000000000001"]),
        forged([5, 5]),
        forged([10**400, "00000000-0000-4000-8000-000000000001"]),
        forged({"a": 1}),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_forged_cursor_is_a_broken_rule_and_no_error_of_ours(cast: World, cursor: str) -> None:
    for order in ("-created_at", "alias"):
        with pytest.raises(ValidationError) as caught:
            list(policy.page(cast.actor("org_admin"), Action.SEE_TEAMS, Team.objects.all(), order, cursor).items)
        assert "after" in caught.value.message_dict


def test_a_cursor_belongs_to_its_order(cast: World) -> None:
    actor = cast.actor("org_admin")
    cursor = policy.page(actor, Action.SEE_TEAMS, Team.objects.all(), "alias", size=1).next_cursor
    with pytest.raises(ValidationError):
        policy.page(actor, Action.SEE_TEAMS, Team.objects.all(), "-created_at", cursor)


@pytest.mark.parametrize(
    ("model", "order"),
    [
        (Team, "nothing"),
        (Team, "organization"),  # may be null: rows behind the cursor would be lost
        (Team, "organization__alias"),
        (Team, "-max_budget"),
        (Team, "?"),
        (Team, ""),
        (Team, "--alias"),
        (Team, "metadata"),
        (Team, "memberships"),
        (Team, "group"),
        (User, "groups"),
        (User, "email"),
        (Membership, "user"),
        (Key, "pk"),
    ],
)
def test_columns_that_would_lose_or_double_rows_are_no_order(cast: World, model: Any, order: str) -> None:
    with pytest.raises(ValidationError) as caught:
        policy.page(cast.actor("proxy_admin"), model.view_action, model.objects.all(), order, size=1)
    assert "sort_by" in caught.value.message_dict
    with pytest.raises(ValidationError):
        policy.numbered(cast.actor("proxy_admin"), model.view_action, model.objects.all(), page=1, size=1, order=order)


def test_numbered_pages_hold_the_list_and_its_length(cast: World) -> None:
    actor = cast.actor("org_admin")
    whole = list(policy.visible(actor, Action.SEE_TEAMS, Team.objects.order_by("-created_at", "-pk")))
    pages = [policy.numbered(actor, Action.SEE_TEAMS, Team.objects.all(), page=n, size=2) for n in (1, 2, 3)]
    assert [row for page in pages for row in page.items] == whole
    assert {page.total for page in pages} == {len(whole)}
    assert pages[0].pages == -(-len(whole) // 2)


def test_numbered_pages_end_at_ten_thousand_rows(cast: World) -> None:
    """Rulebook 28."""
    actor = cast.actor("org_admin")
    policy.numbered(actor, Action.SEE_TEAMS, Team.objects.all(), page=MAX_OFFSET // 50, size=50)
    for page in (0, -1, MAX_OFFSET // 50 + 1, 10**30):
        with pytest.raises(ValidationError):
            policy.numbered(actor, Action.SEE_TEAMS, Team.objects.all(), page=page, size=50)
    assert COUNT_CAP == 10_001


@pytest.mark.postgres
def test_postgresql_cuts_each_branch_before_it_puts_them_together(cast: World) -> None:
    """The planner turns `a OR b` into a scan of everything; a union of sliced branches reads no more than a page."""
    join(cast.member, cast.other_team, "user")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = policy.page(cast.actor("team_admin"), Action.VIEW_KEYS, Key.objects.all(), size=2)
    (sql,) = [query["sql"] for query in queries if "UNION" in query["sql"]]
    assert sql.count("LIMIT 3") >= 3
    assert len(found.items) == 2


def test_many_scopes_fall_back_to_one_filter(cast: World) -> None:
    """A person in two hundred teams still gets a page in one statement."""
    for team in TeamFactory.create_batch(60, organization=cast.organization):
        join(cast.loner, team, "admin")
    key = KeyFactory(user=cast.member, team=team, organization=cast.organization)
    actor = cast.actor("loner")
    len(actor.grants)
    with CaptureQueriesContext(connection) as queries:
        found = policy.page(actor, Action.VIEW_KEYS, Key.objects.all())
    assert len(queries) == 1
    assert key in found.items


def test_what_an_expired_membership_showed_is_gone_from_the_next_page(cast: World) -> None:
    Membership.objects.filter(user=cast.org_admin).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert policy.page(cast.actor("org_admin"), Action.SEE_ORGANIZATIONS, Organization.objects.all()).items == []
