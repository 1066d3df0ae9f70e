"""Hearing of changes: each is heard, also one that appears beneath another that was heard before it."""

import sqlite3
from pathlib import Path

import pytest
from django.db import connection

from gateway.admission.listening import Listener, Reader
from rbacadmin import audit
from rbacadmin.policy import Actor
from tests.world import World


def test_a_change_is_heard_once(cast: World) -> None:
    reader = Reader()
    reader.begin()
    reader.catch_up()
    audit.record(Actor.master(), "team.updated", cast.team)
    audit.record(Actor.master(), "key.blocked", cast.here.keys["member_team"])
    assert (reader.catch_up(), reader.catch_up()) == (2, 0)


def test_the_floor_rises_when_every_transaction_that_was_open_has_ended() -> None:
    reader = Reader()
    reader.heard = {7}
    reader.rise((100, 105), complete=True)  # transaction 100 is open, and may still bring 5 or 6 to light
    assert (reader.floor, reader.mark) == (0, (7, 105))
    reader.heard.add(9)
    reader.rise((104, 110), complete=True)
    assert reader.floor == 0
    reader.rise((105, 112), complete=True)
    assert (reader.floor, reader.heard, reader.mark) == (7, {9}, None)


@pytest.mark.sqlite
def test_a_commit_of_another_process_is_noticed_on_sqlite(
    cast: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "other.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE seen (id integer)")
    other.commit()
    monkeypatch.setitem(connection.settings_dict, "NAME", path)
    signals = Listener().signals_of_sqlite()
    next(signals)
    other.execute("INSERT INTO seen VALUES (1)")
    other.commit()
    other.close()
    next(signals)
    signals.close()  # type: ignore[attr-defined]
