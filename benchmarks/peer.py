"""LiteLLM's proxy as it is published, in an environment of its own: what its own virtual-key authentication costs."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.answers import Target
from benchmarks.servers import serving
from tests.support.server import ROOT, free_port

FOLDER = ROOT / ".cache" / "peer-litellm"
# The telemetry package too: without it a failing import is tried again on every request, which would flatter us.
WANTED = ("litellm[proxy]>=1.106,<2", "httptools", "uvloop", "opentelemetry-sdk", "opentelemetry-exporter-otlp")
SECRET = "sk-bench-12345"
BODY = '{"model":"bench","messages":[{"role":"user","content":"hi"}]}'


def install() -> Path:
    """The Python of the peer's environment; the first call installs it (600 MB)."""
    python, stamp = FOLDER / "bin" / "python", FOLDER / ".installed"
    wanted = hashlib.sha256("\n".join((*WANTED, sys.version)).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("==> Installing LiteLLM's proxy into .cache/ (600 MB)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *WANTED], check=True)
        stamp.write_text(wanted)
    return python


@contextmanager
def litellm(folder: Path) -> Iterator[Target]:
    """Serve the peer with one worker; gives a call that it authenticates."""
    python, port = install(), free_port()
    command = [str(python), "-m", "uvicorn", "litellm_app:app", "--app-dir", str(ROOT / "benchmarks")]
    command += [
        "--port",
        str(port),
        "--loop",
        "uvloop",
        "--http",
        "httptools",
        "--no-access-log",
        "--log-level",
        "error",
    ]
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")},
        "HOME": str(folder),
        "BENCH_SECRET": SECRET,
    }
    with serving(command, environment, folder / "litellm.log", port):
        headers = {"authorization": f"Bearer {SECRET}", "content-type": "application/json"}
        yield Target(f"http://127.0.0.1:{port}/bench", headers, method="POST", body=BODY)
