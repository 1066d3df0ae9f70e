"""Watches, event by event."""

from typing import Any

import pytest

from api.kubernetes import streams
from rbacadmin.models import Change
from rbacadmin.runtime import change_settings
from teams.models import Membership, Team
from teams.services import add_member, block_users, change_member, remove_member, update_team
from tests.kubernetes.conftest import MERGE, TABLE, Opened, team
from tests.world import World


def position(kube: Any) -> str:
    return str(kube("GET", "/teams").json()["metadata"]["resourceVersion"])


def recorded() -> str:
    """The number of the last change, also where the test's own transaction still hides it from lists."""
    return str(Change.objects.order_by("-seq")[0].seq)


def test_what_happens_elsewhere_is_told(cast: World, kube: Any, opened: Opened) -> None:
    events = opened("/teammemberassociations", position(kube))
    assert next(events) is None
    actor = cast.actor("proxy_admin")
    added = add_member(actor, cast.other_team, person=cast.member.public_id, role="user")
    event, document = next(events)
    assert (event, document["metadata"]["name"], document["status"]["role"]) == ("ADDED", "member-acme-sibling", "user")
    assert int(document["metadata"]["resourceVersion"]) == Change.objects.order_by("seq").last().seq  # type: ignore[union-attr]
    change_member(actor, added, role="admin")
    event, document = next(events)
    assert (event, document["status"]["role"]) == ("MODIFIED", "admin")
    remove_member(actor, Membership.objects.get(pk=added.pk))
    event, document = next(events)
    assert (event, document["metadata"]["name"]) == ("DELETED", "member-acme-sibling")
    assert next(events) is None


def test_a_new_name_of_a_team_is_told_of_who_is_in_it(cast: World, opened: Opened) -> None:
    update_team(cast.actor("proxy_admin"), cast.team, rpm_limit=3)
    since = recorded()
    events = opened("/teammemberassociations?fieldSelector=metadata.name%3Dmember-acme-core", since)
    update_team(cast.actor("proxy_admin"), cast.team, alias="renamed")
    for heard in (events, opened("/teammemberassociations?fieldSelector=metadata.name%3Dmember-acme-core", since)):
        event, document = next(heard)
        assert (event, document["status"]["teamAlias"]) == ("MODIFIED", "renamed")
        assert int(document["metadata"]["resourceVersion"]) > int(since)
    update_team(cast.actor("proxy_admin"), cast.there.team, alias="elsewhere")
    assert next(events) is None


def test_what_happened_between_list_and_watch_is_told(cast: World, kube: Any, opened: Opened) -> None:
    since = position(kube)
    kube("POST", "/teams", team())
    update_team(cast.actor("proxy_admin"), cast.team, rpm_limit=3)
    kube("DELETE", "/teams/acme-sibling")
    events = opened("/teams", since)
    found = {document["metadata"]["name"]: event for event, document in (next(events) for _ in range(3))}
    assert found == {"ai-team": "ADDED", "acme-core": "MODIFIED", "acme-sibling": "DELETED"}


def test_who_knows_nothing_is_told_everything_first(cast: World, opened: Opened) -> None:
    events = opened("/teams", as_="org_admin")
    assert {next(events)[1]["metadata"]["name"] for _ in range(3)} == {"acme-core", "acme-trusted", "acme-sibling"}
    assert next(events) is None


def test_one_is_told_of_what_one_sees(cast: World, kube: Any, opened: Opened) -> None:
    events = opened("/teams", position(kube), as_="member")
    update_team(cast.actor("proxy_admin"), cast.there.team, rpm_limit=3)
    assert next(events) is None
    add_member(cast.actor("proxy_admin"), cast.other_team, person=cast.member.public_id, role="user")
    event, document = next(events)
    assert (event, document["metadata"]["name"]) == ("ADDED", "acme-sibling")
    remove_member(cast.actor("proxy_admin"), Membership.objects.get(user=cast.member, team=cast.other_team))
    event, document = next(events)
    assert (event, document["metadata"]["name"]) == ("DELETED", "acme-sibling")


def test_selectors_hold_for_watches(cast: World, kube: Any, opened: Opened) -> None:
    events = opened("/teams?labelSelector=tier%3Dgold", position(kube))
    kube("PATCH", "/teams/acme-core", {"metadata": {"labels": {"tier": "gold"}}}, media=MERGE)
    assert next(events)[0] == "ADDED"
    kube("PATCH", "/teams/acme-core", {"metadata": {"labels": {"tier": "iron"}}}, media=MERGE)
    assert next(events)[0] == "DELETED"


def test_tables_are_streamed_as_tables(cast: World, kube: Any, opened: Opened) -> None:
    events = opened("/teams?fieldSelector=metadata.name%3Dacme-core", accept=TABLE)
    event, table = next(events)
    assert (event, table["kind"], table["rows"][0]["cells"][0]) == ("ADDED", "Table", "acme-core")


def test_who_is_blocked_is_told_no_more(cast: World, kube: Any, opened: Opened) -> None:
    events = opened("/teams", position(kube), as_="member")
    block_users(cast.actor("proxy_admin"), [cast.member])
    event, document = next(events)
    assert (event, document["code"]) == ("ERROR", 401)
    assert list(events) == []


def test_a_version_that_is_no_more_on_record_is_gone(cast: World, kube: Any, opened: Opened) -> None:
    kube("POST", "/teams", team())
    Change.objects.create(seq=10**6, kind="team", object_id="x", op="updated")
    Change.objects.filter(seq__lt=10**6).delete()
    event, document = next(opened("/teams", "5"))
    assert (event, document["code"], document["reason"]) == ("ERROR", 410, "Expired")


def test_who_has_missed_too_much_lists_again(cast: World, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("manifests.feed.BEHIND", 2)
    update_team(cast.actor("proxy_admin"), cast.team, rpm_limit=3)
    since = recorded()
    for number in (4, 5):
        update_team(cast.actor("proxy_admin"), cast.team, rpm_limit=number)
    assert next(opened("/teams", since))[0] == "MODIFIED"
    update_team(cast.actor("proxy_admin"), cast.team, rpm_limit=6)
    events = opened("/teams", since)
    event, document = next(events)
    assert (event, document["code"], document["reason"]) == ("ERROR", 410, "Expired")
    assert list(events) == []


def test_what_no_resource_stands_for_is_not_told_and_ends_no_watch(cast: World, kube: Any, opened: Opened) -> None:
    since = position(kube)
    events = opened("/teams", since)
    change_settings(cast.actor("proxy_admin"), changes={"available_teams": [str(cast.team.pk)]})
    assert Change.objects.order_by("-seq")[0].object_id == "available_teams"
    assert next(events) is None
    update_team(cast.actor("proxy_admin"), cast.team, rpm_limit=3)
    assert next(events)[0] == "MODIFIED"
    assert next(opened("/teams", since))[0] == "MODIFIED"


def test_watches_are_few(cast: World, kube: Any, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_EACH", 2)
    kept = [opened("/teams"), opened("/users")]
    assert kube("GET", "/teams?watch=true").status_code == 429
    kept.append(opened("/teams", as_="member"))
    assert kube("GET", "/teams?watch=true&sendInitialEvents=true").status_code == 422


def test_a_watch_ends_in_time(cast: World, opened: Opened) -> None:
    assert Team.objects.exists()
    assert list(opened("/teams?timeoutSeconds=0&fieldSelector=metadata.name%3Dnone")) == []
