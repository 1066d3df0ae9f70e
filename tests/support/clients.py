"""LiteLLM's own Python client and command line, in an environment of their own under `.cache/`."""

import fcntl
import functools
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / ".cache"
LOCK = ROOT / "requirements" / "clients.txt"
FOLDER = CACHE / "clients"
STAMP = FOLDER / ".installed"


class Unavailable(Exception):
    """The clients cannot be installed here; the text says why."""


@functools.cache
def find() -> Path:
    """The folder with the environment's programs; the first call may install it (200 MB). Raises Unavailable."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "clients.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not STAMP.exists() or STAMP.read_text() != stamp():
            install()
            STAMP.write_text(stamp())  # last, so that half an environment is never taken for a whole one
    return FOLDER / "bin"


def stamp() -> str:
    """What the environment depends on: the lock, the Python that it was made with, and where it lies."""
    return hashlib.sha256(LOCK.read_bytes() + sys.version.encode() + os.fsencode(FOLDER)).hexdigest()


def install() -> None:
    print("==> Installing LiteLLM's client into .cache/ (200 MB)", file=sys.__stderr__, flush=True)
    command = [sys.executable, str(ROOT / "bin" / "_setup.py"), "aside", "clients", str(FOLDER)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    except (OSError, subprocess.CalledProcessError) as error:
        output = getattr(error, "stdout", None) or ""
        raise Unavailable(f"LiteLLM's client could not be installed: {error} {output[-2000:]}") from error


def environment(home: Path) -> dict[str, str]:
    """The environment variables to run a client with: nobody's settings or login, and nothing from the network."""
    return {
        "PATH": f"{FOLDER / 'bin'}:{os.environ.get('PATH', '')}",
        "HOME": str(home),
        "COLUMNS": "400",  # tables are not cut
        "NO_COLOR": "1",
        "PYTHONWARNINGS": "ignore",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else the package asks GitHub for prices
    }
