"""Versions of what is read while somebody else writes: nothing is undone by whoever got it, and every watch hears."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from rbacadmin.models import Change
from rbacadmin.policy import Actor
from teams.models import Team
from teams.services import update_team
from tests.kubernetes.conftest import MERGE
from tests.world import World


@contextmanager
def interrupted(write: Callable[[], Any]) -> Iterator[list[str]]:
    """Somebody else is faster: they write when the rows have been read, and before their versions are."""
    done: list[str] = []

    def between(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not done and f'MAX("{Change._meta.db_table}"."seq")' in sql and "object_id" in sql:
            done.append(sql)
            write()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        yield done
    assert done, "nothing was read in that moment: the test has missed it"


@pytest.fixture
def faster(seeded: Any) -> Callable[[], Any]:
    """Somebody sets the limit of the team that everybody here works on."""
    return lambda: update_team(Actor.master(), Team.objects.get(alias="ai-team"), rpm_limit=7)


def version(answer: Any) -> int:
    return version_of(answer.json())


def version_of(document: dict[str, Any]) -> int:
    return int(document["metadata"]["resourceVersion"])


def test_what_is_read_is_never_older_than_its_version(seeded: Any, faster: Any) -> None:
    with interrupted(faster):
        read = seeded("GET", "/teams/ai-team")
    assert read.json()["spec"].get("rpmLimit") == 7 or version(read) < version(seeded("GET", "/teams/ai-team"))


def test_a_list_is_never_older_than_its_versions(seeded: Any, faster: Any) -> None:
    with interrupted(faster):
        (read,) = [one for one in seeded("GET", "/teams").json()["items"] if one["metadata"]["name"] == "ai-team"]
    now = version(seeded("GET", "/teams/ai-team"))
    assert read["spec"].get("rpmLimit") == 7 or version_of(read) < now


def test_two_patches_in_one_moment_are_both_kept(seeded: Any, faster: Any) -> None:
    """The second was computed from what the first has changed meanwhile: it is computed again."""
    with interrupted(faster):
        answer = seeded("PATCH", "/teams/ai-team", {"metadata": {"labels": {"of": "operators"}}}, media=MERGE)
    assert answer.status_code == 200, answer.content
    assert Team.objects.get(alias="ai-team").rpm_limit == 7
    document = seeded("GET", "/teams/ai-team").json()
    assert (document["spec"]["rpmLimit"], document["metadata"]["labels"]) == (7, {"of": "operators"})


def test_a_watch_tells_of_a_change_that_came_while_it_was_looking(
    cast: World, seeded: Any, faster: Any, opened: Any
) -> None:
    events = opened("/teams", str(version(seeded("GET", "/teams/ai-team"))))
    assert next(events) is None
    update_team(Actor.master(), Team.objects.get(alias="ai-team"), tpm_limit=1000)
    with interrupted(faster):
        told = [next(events)]
    told += [next(events), next(events)]
    specs = [event[1]["spec"] for event in told if event]
    assert (specs[-1].get("tpmLimit"), specs[-1].get("rpmLimit")) == (1000, 7)


@pytest.mark.sqlite  # on PostgreSQL nothing that this test has done is settled before it ends
def test_what_a_list_has_told_no_watch_tells_again(seeded: Any, faster: Any, opened: Any) -> None:
    """kopf waits for ever when the first event after its list is of what the list had told."""
    with interrupted(faster):
        listed = seeded("GET", "/teams").json()
    assert all(version_of(one) <= version_of(listed) for one in listed["items"])
    assert next(opened("/teams", str(version_of(listed)))) is None
