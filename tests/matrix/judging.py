"""One call, and everything that must hold after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from rbacadmin.models import AuditEvent
from tests.matrix.calls import Call, Cell, send
from tests.matrix.managed import changed, snapshot

Nothings = dict[str, tuple[str, set[str]]]  # request -> its answer and the names of the headers
RECORDED = (403, 404, 409)  # refusals of writes that leave an audit row (rulebook 26)


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside, so that several calls can be tried in one test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def judge(call: Call, cell: Cell, status: int, nothings: Nothings) -> None:
    """Make the call and check the status, the rows, the record and the answer.

    `nothings` keeps what ids that name nothing answered, for calls that differ in nothing else.
    """
    with undone():
        if call.arrange and cell.target is not None:
            call.arrange(cell)
        rows, audit = snapshot(), set(AuditEvent.objects.values_list("pk", flat=True))
        response = send(call, cell)
        said = f"{call.method} {call.path} as {cell.persona} on {cell.where}: {response.content.decode()[:600]}"
        assert response.status_code == status, f"{response.status_code} instead of {status}: {said}"
        new = list(AuditEvent.objects.exclude(pk__in=audit))
        difference = changed(rows, snapshot())
        if status == 200 and call.event:
            assert call.event in [event.event for event in new if event.outcome == "done"], said
            assert all(event.outcome == "done" for event in new), said
            assert "rbacadmin.Change" in difference, f"no change row: {said}"
            assert len(difference) > 1, f"nothing changed but the record: {said}"
        else:
            assert not difference, f"{difference} changed: {said}"
            if status == 200 and call.notes:
                assert [event.event for event in new if event.outcome == "done"] == [call.notes], said
                new = []
            expected = 1 if call.event and status in RECORDED else 0
            assert [event.outcome for event in new] == ["refused"] * expected, f"audit rows {new}: {said}"
            assert all(event.status == status for event in new), said
        if status == 200 and call.check:
            call.check(cell, response.json())
    if status == 404 and connection.vendor == "sqlite":  # the words do not depend on the database
        answers_like_nothing(call, cell, response, nothings)


def answers_like_nothing(call: Call, cell: Cell, response: Any, nothings: Nothings) -> None:
    """What is invisible answers exactly like an id that names nothing, and only the real one is recorded."""
    nothing = cell.naming_nothing()
    said = f"{call.body(nothing)} {call.headers(nothing)}"
    request = f"{cell.name} {call.method} {call.path} {said}".replace(nothing.ident, "<id>")
    if request not in nothings:
        with undone():
            before = AuditEvent.objects.count()
            answer = send(call, nothing)
            assert answer.status_code == 404
            if str(nothing.ident) in answer.content.decode():
                assert AuditEvent.objects.count() == before, "what does not exist goes to the log only"
        nothings[request] = named(answer, nothing), set(answer.headers)
    told = named(response, cell), set(response.headers)
    assert told == nothings[request], f"{told} differs from what names nothing: {nothings[request]}"


def named(response: Any, cell: Cell) -> str:
    return str(response.content.decode()).replace(cell.ident, "<id>")
