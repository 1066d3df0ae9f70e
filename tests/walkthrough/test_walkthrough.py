"""Pages that are scripts do what they say: by the test client, and pasted into a shell beside the real server."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rbacadmin.models import AuditEvent
from tests.test_serve import free_port, wait_until_ready
from tests.walkthrough.page import HOST, PAGES, ROOT, differences, steps
from tests.walkthrough.shell import Shell

# What the walkthrough has refused. (A person who is there already is a broken rule, not a refusal.)
REFUSED = ["key.delete", "key.generate", "organization.create", "team.update"]


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    """Each page that is a script, by its name in docs/."""
    return str(request.param)


def test_every_request_shows_its_answer(name: str) -> None:
    assert [step.script for step in steps(name) if step.calls and step.answer is None] == []


def test_a_wrong_answer_is_noticed() -> None:
    """The comparison itself: without it the other tests here would prove nothing."""
    shown = {"a": 1, "b": ["x"], "id": "ad15e8ca-12ae-46f4-8659-d02debef1b23", "c": {"d": None}}
    other = "01044ee8-441b-45f4-be7d-c70e002722d8"
    assert differences(shown, {**shown, "id": other, "more": 1}) == []
    for wrong in ({"a": 2}, {"a": 1.0}, {"b": ["x", "y"]}, {"b": "x"}, {"id": "x"}, {"c": {}}, {"c": {"d": 0}}):
        assert differences(shown, {**shown, **wrong})


def test_by_the_test_client(db: None, name: str) -> None:
    shell = Shell()
    for step in steps(name):
        if step.calls:
            assert differences(step.answer, shell.run(step.script)) == [], step.script


def test_what_the_walkthrough_has_refused_is_on_record(db: None) -> None:
    shell = Shell()
    for step in steps("walkthrough.md"):
        if step.calls:
            shell.run(step.script)
    refused = AuditEvent.objects.filter(outcome="refused")
    assert sorted(refused.values_list("event", flat=True)) == REFUSED


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server with an empty database of its own: no page names what another one makes."""
    tmp_path = tmp_path_factory.mktemp("server")
    port, log = free_port(), tmp_path / "log"
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    settings = {"RBACADMIN_MASTER_KEY": "sk-1234", "RBACADMIN_VAR_DIR": str(tmp_path / "var"), "PORT": str(port)}
    with log.open("w") as output:
        process = subprocess.Popen(
            [ROOT / "bin/serve"], env={**kept, **settings}, stdout=output, stderr=output, text=True
        )
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}/")
        assert process.poll() is None, log.read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.sqlite
def test_pasted_into_a_shell(server: str, tmp_path: Path, name: str) -> None:
    """Block by block in one bash, which stops at the first command that fails."""
    mark = "echo; echo '=== end of block'"
    script = "\n".join(f"{step.script}\n{mark}" for step in steps(name)).replace(HOST, server)
    run = subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"
    outputs = run.stdout.split("=== end of block\n")
    for step, output in zip(steps(name), outputs, strict=False):
        if step.calls:
            assert differences(step.answer, json.loads(output)) == [], step.script
