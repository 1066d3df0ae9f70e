"""Stock kubectl against the real server: every command of seed 000, and what one does besides."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import kubectl as support
from tests.support.kubectl import Kubectl
from tests.support.programs import Unavailable
from tests.support.server import ROOT, Server, serving

SEED = (Path(__file__).parent / "manifests" / "seed_000.yaml").read_text()
BASIC, MEMBER, WORKFLOW = SEED.split("# ----\n")


@pytest.fixture(scope="module")
def kubectls() -> list[str]:
    try:
        return support.programs_here()
    except Unavailable as reason:
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def tls_server(kubectls: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """kubectl sends tokens over TLS only."""
    with serving(tmp_path_factory.mktemp("tls"), tls=True) as running:
        yield running


@pytest.fixture(scope="module", params=["older", "newer"])
def kubectl(
    request: pytest.FixtureRequest,
    kubectls: list[str],
    tls_server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> Kubectl:
    if request.param == "newer" and len(kubectls) < 2:
        pytest.skip("there is one kubectl only; KUBECTL can name several, with colons")
    program = kubectls[0 if request.param == "older" else -1]
    return Kubectl(program, tmp_path_factory.mktemp("home"), tls_server)


@pytest.fixture
def seeded(kubectl: Kubectl) -> Iterator[Kubectl]:
    """The workflow of the seed, applied; everything is deleted afterwards."""
    kubectl("apply", "-f", "-", given=WORKFLOW)
    yield kubectl
    kubectl("delete", "--ignore-not-found", "-f", "-", given=WORKFLOW)


def row(kubectl: Kubectl, name: str, *arguments: str) -> list[str]:
    """The cells that `kubectl get` prints for a resource."""
    lines = kubectl("get", "teammemberassociations", *arguments).splitlines()
    return next(line.split() for line in lines if line.startswith(f"{name} "))


def test_every_command_of_the_seed(kubectl: Kubectl) -> None:
    bob = WORKFLOW.replace("alice", "bob").split("---\n")[1]
    assert "created" in kubectl("apply", "-f", "-", given=f"{WORKFLOW}---\n{bob}---\n{MEMBER}")
    assert "unchanged" in kubectl("apply", "-f", "-", given=BASIC)
    assert row(kubectl, "alice-ai-team")[1:5] == ["True", "ai-team", "alice@example.com", "admin"]
    assert row(kubectl, "bob-ai-team")[1:5] == ["True", "ai-team", "bob@example.com", "user"]
    described = kubectl("describe", "teammemberassociation", "alice-ai-team")
    assert "Team Alias:" in described
    patch = ("patch", "teammemberassociation", "alice-ai-team", "--type=merge", '-p={"spec":{"role":"member"}}')
    assert "patched" in kubectl(*patch)
    assert row(kubectl, "alice-ai-team")[4] == "user"
    assert "deleted" in kubectl("delete", "teammemberassociation", "alice-ai-team")
    kubectl("delete", "team/ai-team", "user/alice", "user/bob", "tma/bob-ai-team")
    assert "alice" not in kubectl("get", "users,teammemberassociations", "-A")


def test_outputs(seeded: Kubectl) -> None:
    assert json.loads(seeded("get", "team", "ai-team", "-o", "json"))["spec"]["models"] == ["gpt-4o"]
    assert "teamAlias: ai-team" in seeded("get", "teams", "-o", "yaml")
    assert seeded("get", "tma", "alice-ai-team", "-o", "jsonpath={.status.role}") == "admin"
    assert "ORGANIZATION" in seeded("get", "teams", "-o", "wide")
    assert "True" in row(seeded, "alice-ai-team", "--show-labels")


def test_server_side_apply_diff_and_rehearsals(seeded: Kubectl) -> None:
    changed = WORKFLOW.replace("role: admin", "role: member")
    assert "+  role: member" in seeded("diff", "-f", "-", given=changed, fails=True)
    assert "configured (server dry run)" in seeded("apply", "--dry-run=server", "-f", "-", given=changed)
    assert row(seeded, "alice-ai-team")[4] == "admin"
    assert "serverside-applied" in seeded("apply", "--server-side", "--force-conflicts", "-f", "-", given=changed)
    assert row(seeded, "alice-ai-team")[4] == "user"
    seeded("apply", "--server-side", "--force-conflicts", "-f", "-", given=WORKFLOW)
    assert seeded("diff", "-f", "-", given=WORKFLOW) == ""


def test_edit_label_replace_and_wait(seeded: Kubectl) -> None:
    assert "edited" in seeded("edit", "team", "ai-team", editor="sed -i s/gpt-4o/gpt-4/")
    assert "labeled" in seeded("label", "team", "ai-team", "tier=gold")
    assert "ai-team" in seeded("get", "teams", "-l", "tier=gold")
    assert "ai-team" not in seeded("get", "teams", "-l", "tier notin (gold)")
    assert "replaced" in seeded("replace", "-f", "-", given=WORKFLOW)
    assert "condition met" in seeded("wait", "--for=condition=Ready", "tma/alice-ai-team", "--timeout=20s")


def test_misspelt_fields_are_refused(seeded: Kubectl) -> None:
    said = seeded("apply", "-f", "-", given=WORKFLOW.replace("maxBudget:", "maxBugdet:"), fails=True)
    assert "unknown field" in said
    assert "maxBugdet" in said
    said = seeded("apply", "-f", "-", given=WORKFLOW.replace("role: admin", "role: king"), fails=True)
    assert "spec.role: Unsupported value" in said


def test_explain_and_what_there_is(kubectl: Kubectl) -> None:
    assert "teamRef" in kubectl("explain", "teammemberassociations.spec")
    assert "Dollars" in kubectl("explain", "users.spec.maxBudget") or "dollars" in kubectl(
        "explain", "users.spec.maxBudget"
    )
    assert "TeamMemberAssociation" in kubectl("api-resources")
    assert "NotFound" in kubectl("get", "team", "none", fails=True)


def test_can_i_and_whoami(kubectl: Kubectl, tls_server: Server) -> None:
    """Asked of the policy: a person's key may less than the master key."""
    tls_server.ask("POST", "/user/new", {"user_email": "reader@example.com", "auto_create_key": False})
    token = tls_server.ask("POST", "/key/generate", {"user_id": "reader@example.com"})[1]["key"]
    assert kubectl("auth", "can-i", "create", "teams.auth.litellm.ai").strip() == "yes"
    assert "no" in kubectl("auth", "can-i", "create", "teams.auth.litellm.ai", token=token, fails=True)
    assert "teams.auth.litellm.ai" in kubectl("auth", "can-i", "--list")
    if kubectl.minor >= 28:
        assert "reader@example.com" in kubectl("auth", "whoami", token=token)
    assert "reader" in kubectl("get", "users", token=token)
    assert "admin@example.com" not in kubectl("get", "users", token=token)
    assert "forbidden" in kubectl(
        *("patch", "user", "reader", "--type=merge", '-p={"spec":{"maxBudget":"1"}}'), token=token, fails=True
    )


def test_a_change_of_the_dashboard_reaches_an_open_watch_within_two_seconds(
    seeded: Kubectl, tls_server: Server, tmp_path: Path
) -> None:
    log = tmp_path / "watch"
    with log.open("w") as output:
        watching = subprocess.Popen(
            seeded.command("get", "teammemberassociations", "-w"), stdout=output, env=seeded.environment()
        )
    try:
        until_there(log, "alice-ai-team")
        time.sleep(0.5)  # the list is printed before the watch begins
        team = tls_server.ask("GET", "/team/list")[1][0]["team_id"]
        tls_server.ask("POST", "/user/new", {"user_email": "carol@example.com", "auto_create_key": False})
        member = {"role": "user", "user_id": "carol@example.com"}
        assert tls_server.ask("POST", "/team/member_add", {"team_id": team, "member": member})[0] == 200
        assert until_there(log, "carol-ai-team") < 2
    finally:
        watching.kill()
        watching.wait()
        tls_server.ask("POST", "/user/delete", {"user_ids": ["carol@example.com"]})


def until_there(log: Path, text: str) -> float:
    """After how many seconds the text stands in the log."""
    started = time.monotonic()
    while text not in log.read_text():
        assert time.monotonic() - started < 15, log.read_text()
        time.sleep(0.05)
    return time.monotonic() - started


def test_the_secret_of_a_first_key_is_had_once(seeded: Kubectl) -> None:
    name = seeded("get", "user", "alice", "-o", "jsonpath={.status.keySecretRef}")
    assert name in seeded("get", "secrets")
    assert seeded("get", "secret", name, "-o", "jsonpath={.data.key}")
    assert "NotFound" in seeded("get", "secret", name, fails=True)


def test_a_kubeconfig_of_rbacctl_is_all_that_it_needs(seeded: Kubectl, tmp_path: Path) -> None:
    """No secret is in it: kubectl asks rbacctl, and trusts the authority that rbacctl was told of once."""
    server, config = seeded.server, tmp_path / "kubeconfig"
    environment = {**seeded.environment(), "XDG_CONFIG_HOME": str(tmp_path)}

    def run(*arguments: str | Path, given: str = "") -> str:
        return subprocess.run(
            arguments, input=given, capture_output=True, text=True, timeout=60, check=True, env=environment
        ).stdout

    trusting = (ROOT / "bin" / "rbacctl", "--certificate-authority", server.ca)
    run(*trusting, "auth", "login", "--api-key-stdin", "--server", server.url, given=f"{server.master}\n")
    version = "v1" if seeded.minor >= 22 else "v1beta1"
    run(ROOT / "bin" / "rbacctl", "kubeconfig", "--exec-version", version, "--file", config)
    assert server.master not in config.read_text()
    assert "ai-team" in run(seeded.program, "--kubeconfig", config, "get", "teams")
