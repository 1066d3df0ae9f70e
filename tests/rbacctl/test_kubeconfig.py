"""`rbacctl kubeconfig`: what it prints, and that a real kubectl takes it, asks rbacctl for the key and sends it."""

import base64
import http.server
import json
import os
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from rbacctl import files
from rbacctl.failure import Code
from tests.support.answering import answering
from tests.support.server import ROOT

pytestmark = pytest.mark.sqlite

KEY = "sk-t_8VsRL5K1F1iCBJfhSv19eaXG7cWb5Jka0F7LnD"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that vouches for itself on this machine, and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")]), timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "ca.crt"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = folder / "ca.key"
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return pem, private


class Listener(http.server.BaseHTTPRequestHandler):
    """Answers `/version` and notes who asked."""

    seen: list[str] = []

    def do_GET(self) -> None:
        self.seen.append(self.headers.get("Authorization", ""))
        body = b'{"major": "1", "minor": "30", "id": "ana@example.com"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the test looks at `seen`."""


@pytest.fixture
def listening(authority: tuple[Path, Path]) -> Iterator[str]:
    """The https address of somebody who notes which key comes."""
    Listener.seen.clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority)
    with answering(Listener, context) as port:
        yield f"https://127.0.0.1:{port}"


def test_it_holds_no_secret_and_names_who_vouches_for_the_server(
    run: Callable[..., Any], authority: tuple[Path, Path]
) -> None:
    files.keep_key("https://rbac.example.com", KEY)
    found = run("--server", "https://rbac.example.com", "--certificate-authority", str(authority[0]), "kubeconfig")
    assert found.exit_code == 0, found.output
    assert KEY not in found.output
    config = yaml.safe_load(found.stdout)
    cluster = config["clusters"][0]["cluster"]
    assert base64.b64decode(cluster["certificate-authority-data"]) == authority[0].read_bytes()
    assert config["contexts"][0]["context"]["namespace"] == "litellm"
    assert config["current-context"] == "rbac.example.com"
    asked = config["users"][0]["user"]["exec"]
    assert asked["args"] == ["--server", "https://rbac.example.com", "kube-token"]
    assert (asked["apiVersion"], asked["interactiveMode"]) == ("client.authentication.k8s.io/v1", "Never")


def test_a_private_key_never_gets_into_it(run: Callable[..., Any], authority: tuple[Path, Path], home: Path) -> None:
    both = home / "both.pem"
    both.write_bytes(authority[0].read_bytes() + authority[1].read_bytes())
    for wrong in (both, home / "nothing"):
        found = run("--server", "https://rbac.example.com", "--certificate-authority", str(wrong), "kubeconfig")
        assert (found.exit_code, found.stdout) == (Code.USAGE, "")


def test_the_key_is_in_it_when_that_is_wanted_and_then_in_a_file_of_ones_own(
    run: Callable[..., Any], home: Path
) -> None:
    files.keep_key("https://rbac.example.com", KEY)
    path = home / "config"
    line = ("--server", "https://rbac.example.com", "kubeconfig", "--with-token", "--file", str(path))
    found = run(*line)
    assert (found.exit_code, KEY in found.output) == (0, False)
    assert yaml.safe_load(path.read_text())["users"][0]["user"] == {"token": KEY}
    assert path.stat().st_mode & 0o777 == 0o600
    assert run(*line).exit_code == Code.USAGE  # there is one already
    assert run("--server", "https://other.example.com", "kubeconfig", "--with-token").exit_code == Code.SIGNED_OUT


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_kubectl_is_given_the_key_in_the_version_it_asks_in(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("RBACCTL_API_KEY", KEY)
    monkeypatch.setenv("KUBERNETES_EXEC_INFO", json.dumps({"apiVersion": f"client.authentication.k8s.io/{version}"}))
    found = json.loads(run("kube-token").stdout)
    assert found == {
        "apiVersion": f"client.authentication.k8s.io/{version}",
        "kind": "ExecCredential",
        "status": {"token": KEY},
    }


def test_plain_http_is_warned_of_because_kubectl_sends_no_token_there(run: Callable[..., Any]) -> None:
    found = run("--server", "http://127.0.0.1:8000", "kubeconfig")
    assert (found.exit_code, "wants https" in found.stderr) == (0, True)


def test_the_authority_is_trusted_and_remembered_and_without_it_nothing_is_sent(
    run: Callable[..., Any], authority: tuple[Path, Path], listening: str, home: Path
) -> None:
    refused = run("--server", listening, "auth", "login", "--api-key-stdin", typed=f"{KEY}\n")
    assert (refused.exit_code, Listener.seen) == (Code.LATER, [])
    assert "--certificate-authority" in refused.stderr
    line = ("--certificate-authority", str(authority[0]), "auth", "login", "--api-key-stdin", "--server", listening)
    assert run(*line, "-o", "json", typed=f"{KEY}\n").exit_code == 0
    assert set(Listener.seen) == {f"Bearer {KEY}"}
    assert "certificate-authority-data" in run("kubeconfig").stdout


def kubectls() -> list[str]:
    """The real kubectl that can be had here: named in KUBECTL, else on the path."""
    named = os.environ.get("KUBECTL") or shutil.which("kubectl")
    return [named] if named else []


@pytest.mark.skipif(not kubectls(), reason="no kubectl on PATH, and KUBECTL names none")
@pytest.mark.parametrize(
    "way", [("--exec-version", "v1"), ("--exec-version", "v1beta1"), ("--with-token",)], ids=" ".join
)
def test_a_real_kubectl_takes_it_and_sends_the_key(
    run: Callable[..., Any], authority: tuple[Path, Path], listening: str, home: Path, way: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    kubectl, path = kubectls()[0], home / "kubeconfig"
    monkeypatch.setenv("RBACCTL_PROGRAM", str(ROOT / "bin" / "rbacctl"))
    files.keep_key(listening, KEY)
    line = ("--server", listening, "--certificate-authority", str(authority[0]), "kubeconfig", "--file", str(path))
    assert run(*line, *way).exit_code == 0
    version = json.loads(subprocess.check_output([kubectl, "version", "--client", "-o", "json"]))["clientVersion"]
    if "v1" in way and int(version["minor"].rstrip("+")) < 22:
        pytest.skip("This kubectl is older than 1.22 and does not know v1")

    def told(*arguments: str) -> str:
        done = subprocess.run([kubectl, "--kubeconfig", path, *arguments], env={**os.environ, "HOME": str(home)},
                              capture_output=True, text=True, timeout=60)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    shown = json.loads(told("config", "view", "--raw", "-o", "json"))
    assert shown["contexts"][0]["context"]["namespace"] == "litellm"
    assert json.loads(told("get", "--raw", "/version"))["minor"] == "30"
    assert set(Listener.seen) == {f"Bearer {KEY}"}
