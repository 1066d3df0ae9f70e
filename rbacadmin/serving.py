"""Where a server that `bin/serve` started answers at this moment, for commands in another shell."""

import fcntl
import os
from pathlib import Path

FILE = "serving"  # held locked by the server for as long as it runs; bin/_commands.py writes it


def running_at(var_dir: Path) -> str | None:
    """The address of the server that runs on this folder, or None."""
    try:
        handle = os.open(var_dir / FILE, os.O_RDONLY)
    except OSError:
        return None
    with os.fdopen(handle) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:  # the server has it: it is alive
            return file.read().strip() or None
    return None
