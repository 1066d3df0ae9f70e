"""A database that is away for too long: calls are lost, and the log says how many without drowning in it."""

import pytest

from gateway.ledger.recording import Recorder
from tests.gateway.ledger.test_recording import event
from tests.world import World


def test_a_full_buffer_says_so(cast: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    ledger = Recorder()
    monkeypatch.setattr("gateway.ledger.recording.MOST", 1)
    assert ledger.record(event(cast.here.keys["member_team"]))
    assert ledger.full
    assert not ledger.record(event(cast.here.keys["member_team"]))
    assert "usage lost" in caplog.text
    assert ledger.flush() == 1


def test_a_flood_of_lost_calls_is_one_line_a_second_and_all_are_counted(
    cast: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = Recorder()
    monkeypatch.setattr("gateway.ledger.recording.MOST", 0)
    one = event(cast.here.keys["member_team"])
    for _ in range(50):
        ledger.record(one)
    assert [record.getMessage().split(", ")[1][:2] for record in caplog.records] == ["1 "]
    monkeypatch.setattr("gateway.ledger.recording.TELL_EVERY", 0.0)
    ledger.record(one)
    ledger.stop()
    assert [record.getMessage().split(", ")[1][:3] for record in caplog.records] == ["1 m", "50 "]
