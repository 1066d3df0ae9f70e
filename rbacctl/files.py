"""The two files of the command line: settings that anybody may read, and credentials that only you may."""

import os
import tempfile
from pathlib import Path
from typing import Any

import yaml

from rbacctl.failure import Code, Failure

OTHERS = 0o077  # the bits by which a file is open to others


def folder() -> Path:
    """`rbacctl` under the XDG config directory."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "rbacctl"


def settings_file() -> Path:
    """The server, and the context chosen on each server. No secret."""
    return folder() / "config.yaml"


def credentials_file() -> Path:
    """The key for each server, mode 0600."""
    return folder() / "credentials.yaml"


def read(path: Path) -> dict[str, Any]:
    """What a file holds; nothing when it is not there. Raises Failure when it is no such file."""
    try:
        found = yaml.safe_load(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        # the error's own text would quote the file
        raise Failure(f"{path} cannot be read ({type(error).__name__}).", Code.USAGE) from None
    if not isinstance(found, dict | None):
        raise Failure(f"{path} holds no settings.", Code.USAGE)
    return found or {}


def write(path: Path, content: dict[str, Any]) -> None:
    """Put it there in one step: readers see the old file or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def write_private(path: Path, text: str) -> None:
    """A file that only its owner can read from its first byte on: mkstemp makes it 0600."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def key_for(server: str) -> str:
    """The key stored for a server; empty when there is none."""
    return str(read(credentials_file()).get("keys", {}).get(server) or "")


def keep_key(server: str, key: str | None) -> None:
    """Store the key of a server, or forget it."""
    content = read(credentials_file())
    keys = {name: value for name, value in content.get("keys", {}).items() if name != server}
    write(credentials_file(), {**content, "keys": {**keys, **({server: key} if key else {})}})


def close_to_others() -> bool:
    """Take the credentials away from others who could read them; whether there was anything to take."""
    path = credentials_file()
    if not path.exists() or not path.stat().st_mode & OTHERS:
        return False
    path.chmod(0o600)
    return True
