"""Kubernetes' Python client and an operator written with kopf, against the real server."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.clients.conftest import SCRIPTS
from tests.support import clients
from tests.support.server import Server


def test_the_python_client_runs_a_full_cycle(script: Any) -> None:
    told = script("kubernetes_cycle")
    assert told == {
        "created": "True",
        "patched": 7,
        "replaced": 8,
        "stale": 409,
        "listed": ["cycle"],
        "deleted": "Success",
        "gone": [404, "NotFound"],
        "watched": [["DELETED", "cycle"]],
    }


def test_an_operator_sees_a_resource_come_change_and_go(programs: Path, server: Server, tmp_path: Path) -> None:
    """With a finalizer of its own, a status that it writes, and its progress in annotations."""
    done = subprocess.run(
        [programs / "python", SCRIPTS / "kopf_operator.py", server.url, server.master],
        capture_output=True,
        text=True,
        timeout=180,
        env=clients.environment(tmp_path),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert [one[:2] for one in told["seen"]] == [
        ["created", "operated"],
        ["updated", "operated"],
        ["deleted", "operated"],
    ], done.stderr[-3000:]
    assert (told["note"], told["finalizers"], told["left"]) == ("seen", ["kopf.zalando.org/KopfFinalizerMarker"], False)
