"""Real kubectls: `$KUBECTL` (several with colons), else the one on PATH and, much older, Debian's."""

import functools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support import programs
from tests.support.server import Server

CONFIG = """
apiVersion: v1
kind: Config
clusters: [{{name: here, cluster: {{server: "{url}", certificate-authority: "{ca}"}}}}]
users: [{{name: me, user: {{token: "{token}"}}}}]
contexts: [{{name: here, context: {{cluster: here, user: me, namespace: litellm}}}}]
current-context: here
"""


@functools.cache
def programs_here() -> list[str]:
    """The kubectls to test with, the oldest first. Raises Unavailable when there is none."""
    if named := os.environ.get("KUBECTL"):
        return named.split(":")
    found: list[str] = []
    try:
        packaged = programs.CACHE / "debian-kubectl"
        programs.unpack_once("kubectl", packaged)
        found.append(str(packaged / "bin" / "kubectl"))
    except (OSError, subprocess.SubprocessError) as error:
        if not shutil.which("kubectl"):
            raise programs.Unavailable(f"no kubectl on PATH, and Debian's could not be fetched: {error}") from error
    return found + [path for path in (shutil.which("kubectl"),) if path]


@dataclass(frozen=True)
class Kubectl:
    """One kubectl with a home of its own, speaking to a server as somebody."""

    program: str
    home: Path
    server: Server

    def command(self, *arguments: str, token: str = "") -> list[str]:
        config = self.home / f"config-{abs(hash(token))}"
        if not config.exists():
            told = CONFIG.format(url=self.server.url, ca=self.server.ca, token=token or self.server.master)
            config.write_text(told)
        return [self.program, "--kubeconfig", str(config), *arguments]

    def __call__(
        self, *arguments: str, given: str = "", token: str = "", fails: bool = False, editor: str = "true"
    ) -> str:
        """What it prints; both streams where it is to fail."""
        done = subprocess.run(
            self.command(*arguments, token=token),
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            env=self.environment(editor),
        )
        said = done.stdout + done.stderr
        assert (done.returncode != 0) is fails, f"{' '.join(arguments)}: {said}"
        return said if fails else done.stdout

    def environment(self, editor: str = "true") -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self.home), "KUBE_EDITOR": editor}

    @property
    def minor(self) -> int:
        """Of its version: 20 for 1.20."""
        said = subprocess.run(
            [self.program, "version", "--client", "-o", "json"], capture_output=True, text=True, env=self.environment()
        ).stdout
        return int(json.loads(said)["clientVersion"]["minor"].rstrip("+"))
