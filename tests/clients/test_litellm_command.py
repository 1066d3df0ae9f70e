"""LiteLLM's command line, unmodified, as somebody types it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.support import clients
from tests.support.server import Server


def test_keys_are_made_listed_and_deleted(command: Any, ask: Any) -> None:
    made = command("keys", "generate", "--models", "gpt-4o,gpt-4", "--key-alias", "typed", "--duration", "24h")
    assert made.code == 0, made.aside
    key = json.loads(made.out)
    assert ask("GET", "/key/info", key=key["key"])[1]["info"]["models"] == ["gpt-4o", "gpt-4"]

    listed = command("keys", "list", "--key-alias", "typed")
    assert "Showing 1 keys out of 1" in listed.out
    assert key["token"] in listed.out
    assert key["key"] not in listed.out

    deleted = command("keys", "delete", "--key-aliases", "typed")
    assert json.loads(deleted.out) == {"deleted_keys": ["typed"]}
    assert ask("GET", "/key/info", key=key["key"])[0] == 401


def test_teams_are_listed(command: Any, ask: Any) -> None:
    ask("POST", "/organization/new", {"organization_alias": "typed", "organization_id": "typed-organization"})
    ask(
        "POST",
        "/team/new",
        {"team_alias": "typed team", "organization_id": "typed-organization", "models": ["gpt-4o"], "max_budget": 25},
    )
    listed = command("teams", "list")
    assert "typed team" in listed.out, listed.aside
    assert "gpt-4o" in listed.out
    assert "$25" in listed.out


def test_people_are_made_listed_shown_and_deleted(command: Any, ask: Any) -> None:
    made = command("users", "create", "--email", "Typed@Example.com", "--alias", "Typed", "--max-budget", "3")
    assert made.code == 0, made.out + made.aside
    ident = json.loads(made.out)["user_id"]
    status, shown = ask("GET", f"/user/info?user_id={ident}")
    assert (status, shown["user_info"]["user_email"]) == (200, "typed@example.com")
    assert "typed@example.com" in command("users", "list").out
    assert json.loads(command("users", "get", "--id", ident).out)["user_info"]["max_budget"] == 3
    deleted = command("users", "delete", ident)
    assert (deleted.code, json.loads(deleted.out)) == (0, 1), deleted.out + deleted.aside
    assert ask("GET", f"/user/info?user_id={ident}")[0] == 404


def test_people_are_deleted(command: Any, ask: Any) -> None:
    ask("POST", "/user/new", {"user_email": "leaver@example.com", "auto_create_key": False})
    deleted = command("users", "delete", "leaver@example.com")
    assert deleted.code == 0, deleted.out + deleted.aside
    assert ask("GET", "/user/info?user_id=leaver@example.com")[0] == 404


def test_models_are_added_listed_changed_and_deleted(command: Any, ask: Any) -> None:
    added = command("models", "add", "typed-model", "-p", "model=openai/gpt-4o", "-p", "rpm=3", "-i", "mode=chat")
    assert added.code == 0, added.out + added.aside
    assert "typed-model" in command("models", "list").out
    assert "typed-model" in command("models", "info").out
    shown = json.loads(command("models", "get", "--name", "typed-model").out)
    ident = shown["model_info"]["id"]
    changed = command("models", "update", ident, "-p", "model=openai/gpt-4o", "-p", "rpm=4")
    assert changed.code == 0, changed.out + changed.aside
    assert "typed-model" in command("model-groups", "list").out
    assert command("models", "delete", ident).code == 0
    assert ask("GET", "/models/typed-model")[0] == 404


def test_a_refusal_is_shown_with_its_reason(command: Any) -> None:
    refused = command("keys", "generate", "--team-id", "no-such-team")
    assert refused.code != 0
    assert "Error: HTTP 404" in refused.aside
    assert "no-such-team" in refused.out


def test_any_request_can_be_made(command: Any) -> None:
    assert json.loads(command("http", "request", "GET", "/health/readiness").out)["status"] == "healthy"


def test_the_program_itself_tells_the_server_s_version(programs: Path, server: Server, tmp_path: Path) -> None:
    """The one test that starts the installed program, as a shell does: each start takes seconds."""
    told = subprocess.run(
        [programs / "litellm-proxy", "--base-url", server.url, "--api-key", server.master, "--version"],
        capture_output=True,
        text=True,
        timeout=120,
        env=clients.environment(tmp_path),
        cwd=tmp_path,
    )
    assert told.returncode == 0, told.stderr
    assert f"Server URL: {server.url}" in told.stdout
    assert "Server Version: (unavailable)" not in told.stdout
