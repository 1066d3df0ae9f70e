"""The server's few threads decide, and waits for nobody: not for streams, slow senders, or its own threads."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import ModuleType
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from rbacadmin import threads
from rbacadmin.bodies import MOST, READERS, filled
from rbacadmin.pool import Pool
from tests.support.server import MASTER, Server, serving

pytestmark = pytest.mark.sqlite  # the database has no part in it
TALK: Any = {"model": "slow", "messages": [{"role": "user", "content": "Talk"}], "stream": True}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two threads, and a model that talks for a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RBACADMIN_REQUEST_THREADS", "2")
        with serving(tmp_path_factory.mktemp("threads")) as running:
            params = {"model": "mock/lorem", "mock_pace": 4, "mock_length": 400}
            status, answer = running.ask("POST", "/model/new", {"model_name": "slow", "litellm_params": params})
            assert status == 200, answer
            yield running


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return str(server.ask("POST", "/key/generate", {})[1]["key"])


def decided(server: Server, key: str) -> int:
    """What a proxy is told about a call of this key; ten seconds at most."""
    headers = {"authorization": f"Bearer {key}", "x-original-uri": "/v1/chat/completions", "x-model": "slow"}
    try:
        with urlopen(Request(f"{server.url}/gateway/auth-request", headers=headers), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def opened(server: Server) -> socket.socket:
    parts = urlsplit(server.url)
    return socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=20)


def head(length: int, path: str = "/key/generate") -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {MASTER}", f"Content-Length: {length}")
    return "\r\n".join((*lines, "Content-Type: application/json", "\r\n")).encode()


def test_a_decision_is_made_while_every_thread_holds_a_stream(server: Server, key: str) -> None:
    assert decided(server, key) == 200  # and now memory knows the key
    body = json.dumps(TALK).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    streams = [urlopen(Request(f"{server.url}/v1/chat/completions", body, headers), timeout=20) for _ in range(2)]
    try:
        assert all(stream.readline().startswith(b"data:") for stream in streams)
        waits = threading.Thread(target=server.ask, args=("GET", "/models"), daemon=True)
        waits.start()
        for _ in range(20):
            assert decided(server, key) == 200
        assert decided(server, "sk-u_" + "x" * 38) == 401
        assert waits.is_alive()  # until one of the streams goes away
        streams[0].close()
        waits.join(10)
        assert not waits.is_alive()
    finally:
        for stream in streams:
            stream.close()


def test_a_decision_about_an_unknown_key_waits_for_no_stream(server: Server, key: str) -> None:
    other = server.ask("POST", "/key/generate", {})[1]["key"]
    body = json.dumps(TALK).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    streams = [urlopen(Request(f"{server.url}/v1/chat/completions", body, headers), timeout=20) for _ in range(2)]
    try:
        assert decided(server, other) == 200
    finally:
        for stream in streams:
            stream.close()


def test_a_body_that_comes_slowly_arrives_whole_and_holds_up_nobody(server: Server, key: str) -> None:
    decided(server, key)
    body = json.dumps({"key_alias": "slow-sender"}).encode()
    with opened(server) as wire:
        wire.sendall(head(len(body)))
        for part in (body[:5], body[5:9], body[9:]):
            time.sleep(0.1)
            began = time.monotonic()
            assert decided(server, key) == 200
            assert server.ask("GET", "/models")[0] == 200
            assert time.monotonic() - began < 5
            wire.sendall(part)
        assert wire.recv(100).startswith(b"HTTP/1.1 200")


def test_senders_who_stall_hold_up_no_decision_no_page_and_each_other_alone(server: Server, key: str) -> None:
    decided(server, key)
    wires = [opened(server) for _ in range(12)]  # three for each of granian's threads
    try:
        for wire in wires:
            wire.sendall(head(1000) + b"{")
        for _ in range(5):
            assert decided(server, key) == 200
            assert server.ask("GET", "/models")[0] == 200
        refused = [answer for wire in wires if (answer := told(wire))]
        assert len(refused) == len(wires) - READERS
        assert all(answer.startswith(b"HTTP/1.1 503") and b"retry-after: 1" in answer.lower() for answer in refused)
    finally:
        for wire in wires:
            wire.close()
    assert server.ask("POST", "/key/generate", {})[0] == 200  # and when they are gone, nothing is left of them


def told(wire: socket.socket) -> bytes:
    """What came back within a second."""
    wire.settimeout(1)
    try:
        return wire.recv(200)
    except TimeoutError:
        return b""


def test_bodies_of_every_size_arrive_whole_while_many_ask(server: Server) -> None:
    def post(size: int) -> int:
        return server.ask("POST", "/key/generate", {"metadata": {"filler": "x" * size}})[0]

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(post, (1, 100, 5_000, 60_000, 200_000, 900_000) * 3))
    assert answers == {200}


def test_a_body_beyond_every_limit_is_refused_unread(server: Server) -> None:
    with opened(server) as wire:
        wire.sendall(head(MOST + 1))
        assert wire.recv(100).startswith(b"HTTP/1.1 413")


def test_an_answer_without_a_body_and_a_question_for_its_head_alone_work(server: Server) -> None:
    with urlopen(Request(f"{server.url}/health/readiness", method="HEAD"), timeout=20) as answer:
        assert (answer.status, answer.read()) == (200, b"")


class Once:
    """A body as granian gives it: the second read finds nothing."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self, size: int) -> bytes:
        given, self.content = self.content[:size], b""
        return given


def test_a_body_that_breaks_off_is_no_request() -> None:
    environ: dict[str, Any] = {"wsgi.input": Once(b"half"), "CONTENT_LENGTH": "8"}
    refusal = filled(environ)
    assert refusal is not None
    assert refusal[0] == 400


def test_a_body_of_unknown_length_is_read_to_its_end() -> None:
    environ: dict[str, Any] = {"wsgi.input": Once(b"in chunks")}
    assert filled(environ) is None
    assert isinstance(environ["wsgi.input"], BytesIO)
    assert environ["wsgi.input"].read() == b"in chunks"


class Wire:
    """Where an answer goes."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.status = 0

    def response_bytes(self, status: int, _headers: Any, _body: bytes) -> None:
        self.status = status
        self.told.set()

    def response_iter(self, status: int, _headers: Any, _body: Any) -> None:
        raise AssertionError(status)


def test_an_error_is_told_and_the_thread_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    pool, wires = Pool("test", 1), (Wire(), Wire())
    answers: list[Callable[..., Any]] = [lambda *_: 1 / 0, lambda wire, _: wire.response_bytes(200, [], b"")]
    for work, wire in zip(answers, wires, strict=True):
        pool.run(work, wire, {})
        assert wire.told.wait(10)
    assert [wire.status for wire in wires] == [500, 200]
    assert "a request failed" in caplog.text


def test_a_pool_begins_no_more_threads_than_it_needs() -> None:
    pool, gate, wires = Pool("test", 2), threading.Event(), [Wire() for _ in range(4)]
    for _ in range(5):
        wire = Wire()
        pool.run(lambda wire, _: wire.response_bytes(200, [], b""), wire, {})
        assert wire.told.wait(10)
        while not pool.free:
            time.sleep(0.001)
    assert pool.started == 1

    def wait(wire: Any, _environ: Any) -> None:
        gate.wait(10)
        wire.response_bytes(200, [], b"")

    for wire in wires:
        pool.run(wait, wire, {})
    assert pool.started == 2
    gate.set()
    assert all(wire.told.wait(10) for wire in wires)  # who found all threads busy has waited


def test_a_granian_that_we_do_not_know_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, threads.SERVERS[0], ModuleType("other"))
    with pytest.raises(RuntimeError, match="not known"):
        threads.take_over(lambda _environ: None, lambda _environ: False, 1)
