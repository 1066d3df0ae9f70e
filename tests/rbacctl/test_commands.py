"""What the commands do, on a real server: seed 004 line by line, and what is ours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rbacctl.commands import audit
from rbacctl.failure import Code
from tests.support.server import Server

pytestmark = pytest.mark.sqlite


def said(found: Any) -> Any:
    """Its JSON, of a run that worked."""
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_signing_in_keeps_the_key_in_one_file_of_mode_0600(run: Callable[..., Any], server: Server, home: Path) -> None:
    found = run("auth", "login", "--with-key", "--server", server.url, typed=f"{server.master}\n")
    assert found.exit_code == 0, found.output
    assert server.master not in found.output
    holding = [path for path in home.rglob("*") if path.is_file() and server.master in path.read_text()]
    assert [path.relative_to(home).as_posix() for path in holding] == ["rbacctl/credentials.yaml"]
    assert holding[0].stat().st_mode & 0o777 == 0o600
    status = said(run("auth", "status", "-o", "json"))
    assert (status["server"], status["key_from"]) == (server.url, str(holding[0]))
    assert run("auth", "logout").exit_code == 0
    assert server.master not in holding[0].read_text()
    assert run("auth", "status").exit_code == Code.SIGNED_OUT


def test_a_wrong_key_is_not_kept(run: Callable[..., Any], server: Server, home: Path) -> None:
    keyfile = home / "key"
    keyfile.write_text("sk-u_nobody-has-this-one-at-all\n")
    found = run("auth", "login", "--server", server.url, "--key-file", str(keyfile))
    assert found.exit_code == Code.SIGNED_OUT
    assert not (home / "rbacctl").exists()


def test_seed_004_line_by_line(signed_in: Callable[..., Any]) -> None:
    lines = [
        ("admin", "organizations", "create", "Seed"),
        ("admin", "organizations", "list"),
        ("admin", "organizations", "add-member", "Seed", "--email", "olga@seed.example", "--role", "owner"),
        ("admin", "organizations", "list-members", "Seed"),
        ("admin", "projects", "create", "--title", "Tulips", "--organization-title", "Seed"),
        ("context", "set", "-o", "Seed"),
        ("admin", "projects", "list"),
        ("admin", "projects", "add-member", "Tulips", "--email", "olga@seed.example", "--role", "member"),
        ("admin", "projects", "list-members", "--title", "Tulips", "--organization-title", "Seed"),
        ("auth", "api-keys", "create", "my-key"),
        ("models", "list"),
    ]
    outputs = {" ".join(line[:3]): signed_in(*line) for line in lines}
    assert {name: found.exit_code for name, found in outputs.items()} == dict.fromkeys(outputs, 0)
    assert "olga@seed.example  owner" in outputs["admin organizations list-members"].stdout
    assert "olga@seed.example  member" in outputs["admin projects list-members"].stdout
    assert "tulips" in outputs["admin projects list"].stdout
    key = said(signed_in("auth", "api-keys", "list", "-o", "json"))[0]
    assert (key["name"], key["project"]["title"]) == ("my-key", "Tulips")
    assert "*" in key["secret"]


def test_guards_and_refusals_have_their_exit_codes(signed_in: Callable[..., Any]) -> None:
    assert signed_in("admin", "orgs", "create", "Guards").exit_code == 0
    again = signed_in("admin", "orgs", "create", "Guards")
    assert (again.exit_code, again.stdout) == (Code.CONFLICT, "")
    assert signed_in("admin", "orgs", "get", "Nowhere").exit_code == Code.NOT_FOUND
    wrong_role = ("admin", "orgs", "add-member", "Guards", "--email", "a@guards.example", "--role", "king")
    refused = signed_in(*wrong_role)
    assert (refused.exit_code, "'king' is no role" in refused.stderr) == (Code.REFUSED, True)
    declined = signed_in("admin", "orgs", "delete", "Guards", typed="n\n")
    assert (declined.exit_code, "Deleted" in declined.stdout) == (Code.NO, False)
    assert signed_in("admin", "orgs", "delete", "Guards").exit_code == Code.NO  # nobody there to answer
    assert signed_in("admin", "orgs", "delete", "Guards", "--yes").exit_code == 0


def test_who_may_not_is_told_so(signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for line in (
        ("admin", "orgs", "create", "Readers"),
        ("admin", "orgs", "add-member", "Readers", "--email", "rita@readers.example", "--role", "reader"),
    ):
        assert signed_in(*line).exit_code == 0
    made = said(signed_in("keys", "create", "rita", "--user", "rita@readers.example", "-o", "json"))
    monkeypatch.setenv("RBACCTL_API_KEY", made["key"])
    assert signed_in("admin", "orgs", "create", "Mine").exit_code == Code.FORBIDDEN
    no = signed_in("can", "create_projects", "organization", "Readers")
    assert no.exit_code == Code.NO
    assert no.stdout.startswith("no: rita@readers.example")
    assert "it takes" in no.stdout
    status = signed_in("auth", "status")
    assert "RBACCTL_API_KEY" in status.stdout
    assert made["key"] not in status.output


def test_a_secret_is_shown_once_or_goes_into_a_file_of_its_own(signed_in: Callable[..., Any], home: Path) -> None:
    assert signed_in("admin", "orgs", "create", "Secrets").exit_code == 0
    assert signed_in("teams", "create", "Vault", "-o", "Secrets").exit_code == 0
    path = home / "secret"
    made = said(
        signed_in(
            "keys", "create", "robot", "--team", "Vault", "--service-account", "-ojson", "--secret-file", str(path)
        )
    )
    secret = path.read_text().strip()
    assert (made["key"], made["secret_file"]) == (None, str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    for line in (("keys", "list", "--team", "Vault", "-o", "json"), ("keys", "get", "robot"), ("keys", "list")):
        assert secret not in signed_in(*line).output
    taken = signed_in("keys", "rotate", "robot", "--yes", "--secret-file", str(path))
    assert taken.exit_code == Code.USAGE
    assert path.read_text().strip() == secret
    rotated = signed_in("keys", "rotate", "robot", "--grace-period", "1h", "-o", "json")
    assert said(rotated)["key"] != secret
    assert signed_in("keys", "delete", "robot", "--yes").exit_code == 0
    assert signed_in("keys", "get", "robot").exit_code == Code.NOT_FOUND


def test_teams_their_people_and_who_may_what(signed_in: Callable[..., Any]) -> None:
    for line in (
        ("admin", "orgs", "create", "Crews"),
        ("teams", "create", "Deck", "-o", "Crews", "--max-budget", "50"),
        ("teams", "add-member", "Deck", "--email", "dina@crews.example"),
        ("teams", "update-member", "Deck", "--email", "dina@crews.example", "--role", "admin"),
        ("teams", "block", "Deck", "--yes"),
        ("teams", "unblock", "Deck"),
    ):
        found = signed_in(*line)
        assert found.exit_code == 0, found.output
    assert "dina@crews.example  admin" in signed_in("teams", "list-members", "Deck").stdout
    teams = yaml.safe_load(signed_in("teams", "list", "-o", "Crews", "-o", "yaml").stdout)
    assert [(team["team_alias"], team["max_budget"]) for team in teams] == [("Deck", 50.0)]
    yes = signed_in("can", "change_teams", "team", "Deck", "--person", "dina@crews.example")
    assert (yes.exit_code, yes.stdout.split(":")[0]) == (0, "yes")
    assert "dina@crews.example" in signed_in("who-can", "change_teams", "team", "Deck").stdout
    mistyped = signed_in("can", "change_team", "team", "Deck")
    assert (mistyped.exit_code, mistyped.stderr.split(",")[0]) == (
        Code.REFUSED,
        "There is no action 'change_team'. There are: change_teams",
    )
    assert signed_in("teams", "delete", "Deck", "--yes").exit_code == 0


def test_the_audit_log_ends_with_what_was_done_last(
    signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    assert signed_in("admin", "orgs", "create", "Watched").exit_code == 0
    lines = signed_in("audit", "tail", "-n", "2").stdout.splitlines()
    assert len(lines) == 2
    assert "Watched" in lines[-1]

    def meanwhile(seconds: float) -> None:
        """Instead of waiting: something happens, and at the second time somebody types Ctrl-C."""
        if signed_in("admin", "orgs", "create", "Followed").exit_code != 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(audit.time, "sleep", meanwhile)
    followed = signed_in("audit", "tail", "-n", "1", "--follow", "-o", "json")
    names = [json.loads(line)["object_name"] for line in followed.stdout.splitlines()]
    assert names == ["Watched", "Followed"]
    assert followed.exit_code == 130

    path = home / "audit.ndjson"
    assert signed_in("audit", "export", str(path)).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Followed" in path.read_text()


def test_models_are_those_of_the_context_or_of_the_place_named(signed_in: Callable[..., Any], server: Server) -> None:
    for name in ("rbac-large", "rbac-small"):
        params = {"model": "mock/echo"}
        assert server.ask("POST", "/model/new", {"model_name": name, "litellm_params": params})[0] == 200
    assert signed_in("admin", "orgs", "create", "Zoo").exit_code == 0
    for title in ("Ants", "Bees"):
        assert signed_in("admin", "projects", "create", title, "-o", "Zoo").exit_code == 0
    project = said(signed_in("admin", "projects", "get", "Ants", "-o", "Zoo", "-o", "json"))
    changes = {"project_id": project["id"], "models": ["rbac-small"]}
    assert server.ask("POST", "/project/update", changes)[0] == 200

    def names(*place: str) -> set[str]:
        listed = said(signed_in("models", "list", *place, "-o", "json"))
        return {one["id"] for one in listed if one["id"].startswith("rbac-")}

    assert names() == names("-o", "Zoo", "-p", "Bees") == {"rbac-large", "rbac-small"}
    assert signed_in("context", "set", "-o", "Zoo", "-p", "Ants").exit_code == 0
    assert names() == {"rbac-small"}
    assert names("-p", "Bees") == names("-o", "Zoo") == {"rbac-large", "rbac-small"}
    assert signed_in("admin", "projects", "delete", "Ants", "-o", "Zoo", "--yes").exit_code == 0
    gone = signed_in("models", "list")
    assert (gone.exit_code, "rbacctl context set" in gone.stderr) == (Code.NOT_FOUND, True)


def test_names_are_completed_as_whoever_is_signed_in(
    signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in (
        ("admin", "orgs", "create", "Quills and ink"),
        ("admin", "projects", "create", "Quartz", "-o", "Quills and ink"),
        ("teams", "create", "Quail", "-o", "Quills and ink"),
        ("keys", "create", "quick", "--team", "Quail", "--service-account"),
    ):
        assert signed_in(*line).exit_code == 0

    def completed(line: str, last: str) -> list[str]:
        monkeypatch.setenv("_RBACCTL_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", f"rbacctl {line} {last}")
        monkeypatch.setenv("COMP_CWORD", str(len(line.split()) + 1))
        return signed_in().stdout.split("\n")[:-1]

    assert completed("admin orgs get", "Qui") == completed("models list -o", "Qui") == [r"Quills\ and\ ink"]
    assert completed("teams get", "Qua") == completed("keys list --team", "Qua") == ["Quail"]
    assert completed("keys get", "qu") == ["quick"]
    monkeypatch.delenv("_RBACCTL_COMPLETE")
    assert signed_in("context", "set", "-o", "Quills and ink").exit_code == 0
    assert completed("admin projects list-members", "Qua") == ["Quartz"]
    monkeypatch.setenv("RBACCTL_SERVER", "http://127.0.0.1:9")
    assert completed("teams get", "Qua") == [""]


def test_the_context_is_picked_from_two_lists(signed_in: Callable[..., Any]) -> None:
    for line in (
        ("orgs", "create", "Picks"),
        ("projects", "create", "A", "-oPicks"),
        ("project", "create", "B", "-oPicks"),
    ):
        assert signed_in("admin", *line).exit_code == 0
    number = [each["title"] for each in said(signed_in("admin", "orgs", "list", "-o", "json"))].index("Picks") + 1
    assert signed_in("context", "set", typed=f"{number}\n9\n").exit_code == Code.USAGE
    assert signed_in("context", "set", typed=f"{number}\n").exit_code == Code.USAGE  # nobody answers
    assert said(signed_in("context", "get", "-o", "json")) == {}
    assert signed_in("context", "set", typed=f"{number}\n2\n").exit_code == 0
    chosen = said(signed_in("context", "get", "-o", "json"))
    assert (chosen["organization"]["title"], chosen["project"]["title"]) == ("Picks", "B")
