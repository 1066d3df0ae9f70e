"""`rbacctl apply`, `diff`, `get` and `templates` against a real server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rbacctl.failure import Code
from tests.support.server import Server

pytestmark = pytest.mark.sqlite

HEAD = "apiVersion: auth.litellm.ai/v1alpha1\n"
TEAM = HEAD + "kind: Team\nmetadata: {name: '${name}'}\nspec: {teamAlias: '${name}', maxBudget: '${budget:-10}'}\n"
USER = HEAD + "kind: User\nmetadata: {name: '${name}-lead'}\nspec: {userEmail: '${name}@apply.example'}\n"
MEMBER = HEAD + (
    "kind: TeamMemberAssociation\nmetadata: {name: '${name}-lead'}\n"
    "spec: {role: admin, teamRef: {name: '${name}'}, userRef: {name: '${name}-lead'}}\n"
)

Run = Callable[..., Any]


@pytest.fixture
def folder(home: Path) -> Path:
    """A folder of manifests, with something in it that is none."""
    inside = home / "access"
    (inside / "people").mkdir(parents=True)
    (inside / "team.yaml").write_text(TEAM)
    (inside / "people" / "all.yml").write_text(f"{USER}---\n{MEMBER}")
    (inside / "README.md").write_text("not a manifest")
    return inside


def said(found: Any) -> Any:
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_a_folder_is_planned_applied_and_then_as_it_says(signed_in: Run, server: Server, folder: Path) -> None:
    given = ("-f", str(folder), "--set", "name=roses", "--owner", "roses")
    planned = signed_in("apply", *given, "--dry-run")
    assert planned.exit_code == 0, planned.output
    for line in ("+ Team litellm/roses", "+ User litellm/roses-lead", "gains call_models: 1 teams", "3 created."):
        assert line in planned.stdout
    assert signed_in("get", "team", "roses").exit_code == Code.NOT_FOUND
    assert signed_in("diff", *given).exit_code == Code.NO
    done = signed_in("apply", *given, "--source", "git acme/access 1a2b3c")
    assert done.exit_code == 0, done.output
    assert "Done: 3 created." in done.stdout
    again = signed_in("apply", *given)
    assert (again.exit_code, again.stdout) == (0, "Nothing to change.\n")
    assert signed_in("diff", *given).exit_code == 0
    _, found = server.ask("GET", "/audit?search=manifests.applied")
    assert [row for row in found["audit_logs"] if "git acme/access 1a2b3c" in json.dumps(row)]

    wider = signed_in("diff", *given, "--set", "budget=20")
    assert wider.exit_code == Code.NO
    assert "-maxBudget: '10'" in wider.stdout
    assert "+maxBudget: '20'" in wider.stdout

    (folder / "people" / "all.yml").write_text(USER)
    left = signed_in("apply", *given)
    assert left.stdout == "Nothing to change.\n"
    refused = signed_in("apply", *given, "--prune", typed="n\n")
    assert refused.exit_code == Code.NO
    assert "- TeamMemberAssociation litellm/roses-lead" in refused.stdout
    assert "LOSES call_models" in refused.stdout
    assert signed_in("apply", *given, "--prune", "--yes").exit_code == 0
    assert signed_in("get", "tma", "roses-lead").exit_code == Code.NOT_FOUND


def test_every_mistake_has_its_file_and_line_and_nothing_is_changed(signed_in: Run, home: Path) -> None:
    (home / "a.yaml").write_text(
        HEAD + "kind: Team\nmetadata: {name: tulips}\nspec:\n  teamAlais: x\n  rpmLimit: many\n"
    )
    (home / "b.yaml").write_text("kind: Taem\n")
    found = signed_in("apply", "-f", str(home / "a.yaml"), "-f", str(home / "b.yaml"))
    assert found.exit_code == Code.REFUSED
    lines = found.stderr.splitlines()
    assert lines[-1] == "Nothing was changed."
    for place in (
        "a.yaml:4: ",
        "a.yaml:5: ",
        "a.yaml:6: ",
        "b.yaml:1: This server knows no 'Taem'. Did you mean 'Team'?",
    ):
        assert any(place in line for line in lines), found.stderr
    assert signed_in("apply", "-f", str(home / "nowhere.yaml")).exit_code == Code.USAGE
    assert signed_in("apply", "-f", str(home / "a.yaml"), "--set", "novalue").exit_code == Code.USAGE


def test_what_is_exported_says_the_same_when_it_is_applied(signed_in: Run, home: Path) -> None:
    made = signed_in("apply", "-f", "template:tenant", "--set", "tenant=lilies", "--set", "admin=ana@lilies.example")
    assert made.exit_code == 0, made.output
    exported = signed_in("get", "all", "-o", "yaml")
    assert exported.exit_code == 0, exported.output
    documents = list(yaml.safe_load_all(exported.stdout))
    assert {one["metadata"]["name"] for one in documents} >= {"lilies", "lilies-core", "lilies-admin-core"}
    assert all(one.keys() == {"apiVersion", "kind", "metadata", "spec"} for one in documents)
    (home / "export.yaml").write_text(exported.stdout)
    plan = said(signed_in("apply", "-f", str(home / "export.yaml"), "--take-over", "--dry-run", "-o", "json"))
    assert {step["outcome"] for step in plan["steps"]} == {"adopted"}
    assert plan["people"] == []
    assert "lilies-core" in signed_in("get", "teams").stdout


def test_templates_are_listed_and_printed(signed_in: Run) -> None:
    assert [row["name"] for row in said(signed_in("templates", "-o", "json"))] == ["project", "team", "tenant"]
    assert signed_in("templates", "team").stdout.startswith("# A team")
    assert signed_in("templates", "nonsense").exit_code == Code.NOT_FOUND
    assert signed_in("get", "nonsense").exit_code == Code.REFUSED
