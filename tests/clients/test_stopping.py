"""A server that stops: open streams end at once, and what they took is on record."""

import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import openai
import psycopg
import pytest

from tests.support.server import serving


def test_a_server_that_stops_ends_its_streams_and_books_them(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        params = {"model": "mock/lorem", "mock_pace": 4, "mock_length": 400, "output_cost_per_token": 1e-05}
        server.ask("POST", "/model/new", {"model_name": "slow", "litellm_params": params})
        _, made = server.ask("POST", "/key/generate", {})
        with openai.OpenAI(base_url=f"{server.url}/v1", api_key=made["key"], max_retries=0) as client:
            asked: Any = [{"role": "user", "content": "Talk"}]
            events = client.chat.completions.create(model="slow", messages=asked, stream=True)
            for _ in range(3):
                next(iter(events))
            assert server.process is not None
            server.process.terminate()
            with pytest.raises(openai.APIError, match="The server stops"):
                list(events)
        try:
            assert server.process.wait(timeout=9) in (0, -15)  # before it would be killed
        except subprocess.TimeoutExpired:
            pytest.fail("the stream held the server up")
        completion, cost, status = booked(server.database, tmp_path)
        assert completion >= 2
        assert (cost, status) == (completion * 10_000, "failure")


def test_a_server_that_stops_writes_the_refusals_of_its_last_moment(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for _ in range(3):
            assert server.ask("POST", "/v1/chat/completions", {}, key="sk-u_" + "x" * 38)[0] == 401
        assert server.process is not None
        server.process.terminate()
        server.process.wait(timeout=9)
        question = "SELECT sum(count) FROM gateway_refusalcount WHERE status = 401"
        assert booked(server.database, tmp_path, question) == (3,)


CALL = "SELECT completion_tokens, cost, status FROM gateway_usage"


def booked(database: str, folder: Path, question: str = CALL) -> Any:
    """The one call in the server's own database, or what else is asked of it."""
    if database:
        with psycopg.connect(database) as connection:
            return connection.execute(question).fetchone()
    connection = sqlite3.connect(folder / "var" / "db.sqlite3")
    try:
        return connection.execute(question).fetchone()
    finally:
        connection.close()
