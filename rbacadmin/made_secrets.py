"""Secrets that nobody set: made once, kept in a file that only the owner reads."""

import fcntl
import json
import os
import secrets
from pathlib import Path

# One secret per purpose: a value that leaks from one use opens nothing else.
SECRET_NAMES = ("secret_key", "key_pepper", "credential_key")


def stored_secrets(var_dir: Path) -> dict[str, str]:
    """Read the secrets file, adding what is missing. Two processes that start together agree: the file is locked."""
    var_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(var_dir / "secrets.json", os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        stored: dict[str, str] = json.loads(text) if text else {}
        added = {name: secrets.token_urlsafe(48) for name in SECRET_NAMES if name not in stored}
        if added:
            stored |= added
            file.seek(0)
            file.truncate()
            json.dump(stored, file, indent=2)
    return stored
