"""What one run of the command line works with: a server, a key, a context, and a way to say things."""

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer

from rbacctl import files
from rbacctl.client import PATIENCE, Client, Server
from rbacctl.failure import Code, Failure
from rbacctl.output import Screen

SERVER = "http://127.0.0.1:8000"  # where `bin/serve` listens
KEYS_IN_ENVIRONMENT = ("RBACCTL_API_KEY", "LLMARINER_API_KEY")
HEADERS = {"organization": "Openai-Organization", "project": "Openai-Project"}
HERE = ("127.0.0.1", "localhost", "::1")


@dataclass
class Session:
    """Everything is read when it is asked for: `--help` needs no server and no file."""

    named_server: str = ""
    named_authority: Path | None = None
    screen: Screen = field(default_factory=Screen)
    debug: bool = False
    patience: float = PATIENCE
    warned: set[str] = field(default_factory=set)

    @cached_property
    def settings(self) -> dict[str, Any]:
        return files.read(files.settings_file())

    @property
    def server(self) -> str:
        """The address named, else the one of the environment, else the one signed in to last. No slash at its end."""
        return address(
            self.named_server or os.environ.get("RBACCTL_SERVER") or str(self.settings.get("server") or SERVER)
        )

    @property
    def authority(self) -> Path | None:
        """The file of the certificate authority that vouches for the server: named, in the environment, or remembered.

        Else that of `bin/serve --tls` in the clone this runs from, for a server on this very machine only.
        """
        known = self.settings.get("authorities", {}).get(self.server)
        local = os.environ.get("RBACCTL_LOCAL_CA_FILE") if urlsplit(self.server).hostname in HERE else None
        found = self.named_authority or os.environ.get("RBACCTL_CA_FILE") or known or local
        return Path(found).absolute() if found else None

    @property
    def site(self) -> Server:
        """The server, as requests need it."""
        return Server(self.server, self.authority, self.patience, self.screen.aside if self.debug else None)

    @property
    def key_in_environment(self) -> str:
        """The variable that names the key to use; empty when there is none."""
        return next((name for name in KEYS_IN_ENVIRONMENT if os.environ.get(name)), "")

    @property
    def key_source(self) -> str:
        """Where the key comes from; empty when there is none."""
        return self.key_in_environment or (str(files.credentials_file()) if files.key_for(self.server) else "")

    @property
    def key(self) -> str:
        """The key of this server. Raises Failure when there is none."""
        if files.close_to_others():
            self.screen.aside(
                f"{files.credentials_file()} could be read by others; it is closed now. Rotate the key if they did."
            )
        found = os.environ.get(self.key_in_environment) or files.key_for(self.server)
        if not found:
            raise Failure(f"Not signed in to {self.server}. Sign in: rbacctl auth login", Code.SIGNED_OUT)
        return found

    @property
    def context(self) -> dict[str, Any]:
        """The organization and the project that are chosen on this server, each `{id, title}`."""
        found = self.settings.get("contexts", {}).get(self.server)
        return found if isinstance(found, dict) else {}

    @cached_property
    def client(self) -> Client:
        return self.client_with(self.key, **{kind: row["id"] for kind, row in self.context.items() if kind in HEADERS})

    def client_with(self, key: str, **place: str) -> Client:
        """A client with a key, in the place of these ids: `organization`, `project`."""
        self.warn_of_listeners()
        return Client(self.site, key, {HEADERS[kind]: ident for kind, ident in place.items()})

    def warn_of_listeners(self) -> None:
        """Say so where others on the way can read what is sent."""
        parts = urlsplit(self.server)
        if parts.scheme == "http" and parts.hostname not in HERE and self.server not in self.warned:
            self.warned.add(self.server)
            self.screen.aside(f"{self.server} is not https: others on the way can read the key.")

    def keep(self, **changes: Any) -> None:
        """Write settings: `server`, or the `context` and the `authority` of this server."""
        content = dict(self.settings)
        if "context" in changes:
            content["contexts"] = {**content.get("contexts", {}), self.server: changes["context"]}
        if changes.get("authority"):
            content["authorities"] = {**content.get("authorities", {}), self.server: str(changes["authority"])}
        if "server" in changes:
            content["server"] = changes["server"]
        files.write(files.settings_file(), content)
        self.__dict__.pop("settings", None)
        self.__dict__.pop("client", None)


def address(text: str) -> str:
    """A server's address as it is stored. Raises Failure for what is none, and for one with a secret in it."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Failure("A server is named like https://rbac.example.com, without credentials.", Code.USAGE)
    return text.strip().rstrip("/")


def session_of(context: typer.Context) -> Session:
    """The session of a run; commands get it from their context."""
    found = context.obj
    assert isinstance(found, Session)
    return found
