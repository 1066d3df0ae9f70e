"""`kubeconfig` and `kube-token`: kubectl as oneself, on this server."""

import base64
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from rbacctl import files
from rbacctl.asking import free
from rbacctl.command import command
from rbacctl.failure import Code, Failure
from rbacctl.session import Session, session_of

GROUP = "client.authentication.k8s.io"
VERSIONS = ("v1", "v1beta1")  # kubectl knows the first from 1.22 on
NAMESPACE = "litellm"
NAMES = ("rbacctl", "llma")


def put_into(app: typer.Typer) -> None:
    """The two commands, at the top of the tree."""
    command(app, "kubeconfig")(kubeconfig)
    command(app, "kube-token", hidden=True)(kube_token)


def kubeconfig(
    ctx: typer.Context,
    namespace: Annotated[str, typer.Option("-n", "--namespace", help="Where names are looked for.")] = NAMESPACE,
    name: Annotated[str, typer.Option(help="What the cluster, user and context are called; else the host.")] = "",
    with_token: Annotated[
        bool, typer.Option("--with-token", help="Write your key into it, instead of asking rbacctl for it each time.")
    ] = False,
    exec_version: Annotated[
        str, typer.Option(help="v1, or v1beta1 for kubectl before 1.22.", autocompletion=lambda: list(VERSIONS))
    ] = VERSIONS[0],
    file: Annotated[Path | None, typer.Option(help="Write it into this new file (0600) and do not print it.")] = None,
) -> None:
    """A kubeconfig with which kubectl acts as you on this server. By itself it holds no secret."""
    session = session_of(ctx)
    if exec_version not in VERSIONS:
        raise typer.BadParameter(f"Choose from: {', '.join(VERSIONS)}.", param_hint="--exec-version")
    free(file)
    if urlsplit(session.server).scheme != "https":
        session.screen.aside(f"kubectl sends no token to {session.server}: it wants https (bin/serve --tls).")
    user = {"token": session.key} if with_token else {"exec": asking(session, f"{GROUP}/{exec_version}")}
    found = config(session, name or urlsplit(session.server).netloc, namespace, user)
    if file is None:
        session.screen.document(found)
        return
    files.write_private(file, json.dumps(found, indent=4) + "\n")  # JSON is YAML
    session.screen.done(f"Wrote {file}. Use it: kubectl --kubeconfig {file} ...", {"file": str(file)})


def config(session: Session, name: str, namespace: str, user: dict[str, Any]) -> dict[str, Any]:
    """One cluster, one user, one context."""
    cluster = {"server": session.server}
    if session.authority is not None:
        cluster["certificate-authority-data"] = encoded(session.authority)
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, "namespace": namespace}}],
        "current-context": name,
    }


def encoded(path: Path) -> str:
    """A certificate as kubeconfigs hold it. Raises Failure for a file that holds none."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Failure(f"{path} cannot be read ({type(error).__name__}).", Code.USAGE) from None
    if b"-----BEGIN CERTIFICATE-----" not in text or b"PRIVATE KEY" in text:
        raise Failure(f"{path} is no certificate, or holds a private key, which nobody else should have.", Code.USAGE)
    return base64.b64encode(text).decode()


def asking(session: Session, version: str) -> dict[str, Any]:
    """How kubectl gets the key: it runs this program, which has it in a file of its own."""
    return {
        "apiVersion": version,
        "command": program(),
        "args": ["--server", session.server, "kube-token"],
        "interactiveMode": "Never",
        "provideClusterInfo": False,
        "installHint": "rbacctl is not on this machine's path.",
    }


def program() -> str:
    """This program as others start it."""
    started = Path(sys.argv[0])
    here = str(started.absolute()) if started.name in NAMES and started.is_file() else NAMES[0]
    return os.environ.get("RBACCTL_PROGRAM") or here


def kube_token(ctx: typer.Context) -> None:
    """The key, as kubectl asks programs for it (ExecCredential)."""
    key = session_of(ctx).key
    asked = {"apiVersion": version_asked(), "kind": "ExecCredential", "status": {"token": key}}
    sys.stdout.write(json.dumps(asked) + "\n")


def version_asked() -> str:
    """The version in which kubectl wants to be answered: that of its question."""
    try:
        asked = json.loads(os.environ.get("KUBERNETES_EXEC_INFO") or "{}")
    except ValueError:
        asked = None
    found = asked.get("apiVersion") if isinstance(asked, dict) else None
    return str(found) if found in {f"{GROUP}/{version}" for version in VERSIONS} else f"{GROUP}/{VERSIONS[0]}"
