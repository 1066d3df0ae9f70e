"""What needs no server: spelling, formats, errors in words, files."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import typer
from typer.main import get_command

from rbacctl import client, complete, files
from rbacctl.app import app
from rbacctl.commands.projects import assignments, label, labels
from rbacctl.failure import Code, refusal, words_of
from rbacctl.lookup import either, role
from rbacctl.output import local_time, plain, shown
from rbacctl.session import address
from tests.support.server import ROOT

pytestmark = pytest.mark.sqlite

SECRET = "sk-u_8VsRL5K1F1iCBJfhSv19eaXG7cWb5Jka0F7LnD"


@pytest.mark.parametrize(
    "words",
    [
        ("admin", "organizations"),
        ("admin", "orgs"),
        ("admin", "org"),
        ("admin", "project"),
        ("admin", "user"),
        ("auth", "orgs"),
        ("auth", "organizations"),
        ("auth", "api-keys"),
        ("context",),
        ("models",),
        ("teams",),
        ("keys",),
        ("audit",),
    ],
)
def test_every_spelling_of_a_noun_has_its_commands(run: Callable[..., Any], words: tuple[str, ...]) -> None:
    found = run(*words, "--help")
    assert found.exit_code == 0
    assert {"list", "get", "tail"} & set(found.stdout.replace("│", " ").split())


def test_the_shell_completes_words_under_either_name_from_any_folder(home: Path) -> None:
    for name in ("rbacctl", "llma"):
        asked = {f"_{name.upper()}_COMPLETE": "complete_bash", "COMP_WORDS": f"{name} can any te", "COMP_CWORD": "3"}
        found = subprocess.run(
            [ROOT / "bin" / name], env={**os.environ, **asked}, cwd=home, capture_output=True, text=True, timeout=60
        )
        assert found.stdout.split() == ["team"], found.stderr


@pytest.mark.parametrize("name", ["rbacctl", "llma"])
def test_the_script_for_a_shell_is_printed_for_the_name_it_was_called_by(home: Path, name: str) -> None:
    asked = [ROOT / "bin" / name, "completion", "bash"]
    found = subprocess.run(asked, cwd=home, capture_output=True, text=True, timeout=60)
    assert f"complete -o default -F _{name}_completion {name}" in found.stdout, found.stderr
    wrong = subprocess.run([*asked[:2], "tcsh"], cwd=home, capture_output=True, text=True, timeout=60)
    assert (wrong.returncode, wrong.stdout) == (Code.USAGE, "")


def test_the_help_names_no_types_of_python(run: Callable[..., Any]) -> None:
    for line in ((), ("admin", "projects", "create"), ("keys", "create"), ("audit", "tail"), ("kubeconfig",)):
        text = run(*line, "--help").stdout
        assert not {"<str>", "<bool>", "<list[str]>", "<float>", "<int>", "<path>"} & set(text.split()), text
    assert "Exit codes" in run("--help").stdout


def test_requests_are_told_without_their_secrets(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMARINER_API_KEY", SECRET)
    monkeypatch.setenv("LLMA_DEBUG", "1")
    answer = httpx.Response(
        503, json={}, headers={"X-Request-ID": "7"}, request=httpx.Request("GET", "http://127.0.0.1")
    )
    answer.elapsed = timedelta(milliseconds=12)
    monkeypatch.setattr(client.httpx, "request", lambda *_args, **_more: answer)
    found = run("models", "list")
    assert (found.exit_code, found.stdout) == (Code.LATER, "")
    assert found.stderr == ("GET http://127.0.0.1 503 in 12 ms, request 7\nThe server answered 503. (request 7)\n")


def test_a_secret_among_the_arguments_is_refused_and_not_repeated(run: Callable[..., Any]) -> None:
    for line in (("keys", "get", SECRET), ("keys", "delete", "a", SECRET), ("auth", "api-keys", "delete", SECRET)):
        found = run(*line)
        assert found.exit_code == Code.USAGE
        assert "history" in found.stderr
        assert SECRET not in found.output
    assert run("teams", "get", "risk-management-team").exit_code == Code.SIGNED_OUT  # a name, no secret


def test_who_is_not_signed_in_is_told_how_and_exits_with_3(run: Callable[..., Any]) -> None:
    found = run("auth", "status")
    assert (found.exit_code, found.stdout) == (Code.SIGNED_OUT, "")
    assert "rbacctl auth login" in found.stderr


def test_a_server_that_does_not_answer_is_exit_code_8(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMARINER_API_KEY", SECRET)
    found = run("--server", "http://127.0.0.1:9", "models", "list")
    assert found.exit_code == Code.LATER
    assert "does not answer" in found.stderr
    assert SECRET not in found.output


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("admin", "organizations", "create"), "Missing: TITLE"),
        (("admin", "organizations", "create", "a", "--title", "b"), "two different things"),
        (("teams", "get", "a", "-o", "xml"), "Choose from: table, json, yaml"),
        (("--color", "blue", "context", "get"), "auto, always, never"),
        (("--server", "https://user:word@host", "context", "get"), "without credentials"),
        (("auth", "api-keys", "create", "a", "--role", "reader"), "--service-account"),
    ],
)
def test_a_mistyped_command_is_exit_code_2(run: Callable[..., Any], line: tuple[str, ...], said: str) -> None:
    found = run(*line)
    assert found.exit_code == Code.USAGE
    assert said in " ".join(found.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 7), (401, 3), (403, 4), (404, 5), (409, 6), (422, 7), (429, 8), (500, 8), (503, 8), (302, 7)],
)
def test_every_refusal_has_its_exit_code(status: int, code: int) -> None:
    assert refusal(status, {}).code == code


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "No.", "code": "403"}}, "No."),
        ({"detail": {"error": "No."}}, "No."),
        ({"code": 7, "message": "No.", "details": []}, "No."),
        ({"detail": [{"loc": ["body", "role"], "msg": "missing"}, {"loc": ["body", "a"], "msg": "odd"}]},
         "role: missing; a: odd"),
        ("plain", "plain"),
        ({"message": "'PROJECT_ROLE_KING' is none."}, "'PROJECT_ROLE_KING' is none."),
        (None, ""),
    ],
)  # fmt: skip
def test_refusals_of_every_dialect_are_read(body: Any, words: str) -> None:
    assert words_of(body) == words


@pytest.mark.parametrize(
    ("shell", "names"),
    [
        ("bash", ["plain", r"a\ b", r"\$\(reboot\)\;"]),
        ("zsh", ["plain", "a b", "$(reboot);"]),
        ("powershell", ["plain"]),
    ],
)
def test_a_name_that_is_completed_runs_nothing(monkeypatch: pytest.MonkeyPatch, shell: str, names: list[str]) -> None:
    monkeypatch.setenv("_RBACCTL_COMPLETE", f"complete_{shell}")
    assert complete.typed(["plain", "a b", "$(reboot);", "a\nb", "\x1b[2J"]) == names


def test_names_cannot_steer_the_terminal() -> None:
    assert plain("a\x1b[2Jb\x9bc\u202ed\tf") == "a?[2Jb?c?d?f"
    assert [shown(sum_) for sum_ in (0.0, 3600.0, 0.0022, 25, "default_user_id")] == [
        *("0.00", "3,600.00", "0.0022", "25", "the master key")
    ]
    assert shown(["x", {"a": True}, None, "PROJECT_ROLE_OWNER"]) == "x, a=yes, , owner"


def test_times_are_read_as_the_dialects_write_them() -> None:
    assert local_time("1795278448") == local_time(1795278448) == local_time("2026-11-21T16:27:28Z")
    assert local_time("0") is local_time(None) is None


def test_what_is_typed_becomes_what_the_wire_takes() -> None:
    assert role("organization", "owner") == role("organization", "ORGANIZATION_ROLE_OWNER") == "ORGANIZATION_ROLE_OWNER"
    assert label("My  Project (é) ") == "my-project"
    assert labels(["a=b", "c="]) == [{"key": "a", "value": "b"}, {"key": "c", "value": ""}]
    assert either("a", "a") == either("a", None) == either(None, "a") == "a"
    for wrong in (lambda: label("é"), lambda: labels(["a"]), lambda: either(None, None)):
        with pytest.raises(typer.BadParameter):
            wrong()


def test_a_namespace_and_a_node_selector_change_without_each_other() -> None:
    old = {"namespace": "a", "node_selector": [{"key": "gpu", "value": "h100"}], "cluster_id": ""}
    other = {"namespace": "c", "cluster_id": "one"}
    project = {"assignments": [other, old]}
    assert assignments(project, "b", None) == [other, {**old, "namespace": "b"}]
    assert assignments(project, None, ["x=y"]) == [other, {**old, "node_selector": [{"key": "x", "value": "y"}]}]


@pytest.mark.parametrize("text", ["", "host", "ftp://host", "https://me:word@host", "https://host?key=1"])
def test_an_address_is_one_without_secrets(text: str) -> None:
    with pytest.raises(Exception, match="like https://"):
        address(text)


def test_the_credentials_are_yours_alone_from_their_first_byte_on(home: Path) -> None:
    files.keep_key("https://one", SECRET)
    files.keep_key("https://two", "sk-other")
    files.keep_key("https://two", None)
    path = files.credentials_file()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert (files.key_for("https://one"), files.key_for("https://two")) == (SECRET, "")
    assert [each.name for each in path.parent.iterdir()] == ["credentials.yaml"]
    path.chmod(0o644)
    assert files.close_to_others()
    assert path.stat().st_mode & 0o777 == 0o600


def test_formats_are_named_by_o_even_where_o_is_an_organization(run: Callable[..., Any]) -> None:
    assert json.loads(run("context", "get", "-o", "json").stdout) == {}
    assert run("context", "clear", "-oyaml").stdout == "{}\n"
    assert "not signed in" in run("context", "set", "-o", "json", "-o", "Acme").stderr.lower()


def leaves(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The commands that help shows, each with the nouns before it."""
    for name, found in group.commands.items():
        if found.hidden:
            continue
        if hasattr(found, "commands"):
            yield from leaves(found, (*path, name))
        else:
            yield path, name


def test_the_documentation_names_every_command_beside_its_noun() -> None:
    text = (ROOT / "docs" / "rbacctl.md").read_text()
    rows = dict(re.findall(r"^\| `?([\w -]+?)`? \| (.+) \|$", text, flags=re.MULTILINE))
    rows["admin projects"] += rows["admin organizations"]  # "the same"
    missing = [
        " ".join((*path, name))
        for path, name in leaves(get_command(app))
        if f"`{name}`" not in rows.get(" ".join(path) or "by themselves", "")
    ]
    assert not missing
