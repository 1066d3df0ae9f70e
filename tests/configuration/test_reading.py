"""The configuration file: LiteLLM's shape, the environment above it, and every mistake with its line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rbacadmin import conf as configuration
from rbacadmin import in_force
from rbacadmin.conf import BASE_DIR, Conf
from rbacadmin.config_file import Mistakes, source

pytestmark = pytest.mark.sqlite  # a file is read

GOOD = """\
general_settings:
  role_permissions:
    - role: INTERNAL_USER_VIEW_ONLY
      models: [gpt-4o]
      routes: [openai_routes, /key/*]
      rpm_limit: 5
  default_team_settings: [{max_budget: 10.5, budget_duration: 30d}]
  enable_jwt_auth: true
  jwt_issuer: os.environ/SOME_ISSUER
  jwt_audience: a, b
  jwt_public_key_url: https://id.example.com/keys
  litellm_jwtauth:
    team_id_jwt_field: team
  store_model_in_db: false
litellm_settings:
  upperbound_key_generate_params: {max_budget: 100}
  default_internal_user_params: {user_role: internal_user_viewer}
model_list:
  - model_name: gpt-4o
    litellm_params: {model: openai/gpt-4o, api_key: os.environ/SOME_KEY}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`file(text)`: the configuration file from now on; gives its path."""
    path = tmp_path / "config.yaml"
    monkeypatch.setenv("RBACADMIN_CONFIG", str(path))
    monkeypatch.setenv("SOME_ISSUER", "https://id.example.com")
    monkeypatch.setenv("SOME_KEY", "sk-provider-secret")

    def write(text: str) -> str:
        path.write_text(text)
        return str(path)

    return write


def mistakes(file: Any, text: str) -> list[str]:
    path = file(text)
    with pytest.raises(Mistakes) as error:
        Conf()
    return [line.removeprefix(f"{path}:") for line in str(error.value).splitlines()]


def test_a_file_in_the_shape_of_litellm(file: Any) -> None:
    file(GOOD)
    conf = Conf()
    (permission,) = conf.role_permissions
    assert (permission.role, permission.rpm_limit) == ("internal_user_viewer", 5)
    assert conf.default_team_settings is not None
    assert conf.default_team_settings.budget_duration == "30d"
    (issuer,) = conf.issuers
    assert (issuer.issuer, issuer.audience) == ("https://id.example.com", ["a", "b"])
    assert conf.model_list[0].litellm_params["api_key"] == "sk-provider-secret"
    assert conf.store_model_in_db is False


def test_the_environment_decides_over_the_file(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(GOOD)
    monkeypatch.setenv("STORE_MODEL_IN_DB", "true")
    monkeypatch.setenv("RBACADMIN_ROLE_PERMISSIONS", '[{"role": "team", "models": ["o3"]}]')
    conf = Conf()
    assert (conf.store_model_in_db, conf.role_permissions[0].role) == (True, "team")
    monkeypatch.setattr(configuration, "file", source.read_file(Conf))
    monkeypatch.setattr(in_force, "conf", conf)
    rows = {row["name"]: row for row in in_force.in_force()}
    assert rows["STORE_MODEL_IN_DB"]["source"] == "environment: STORE_MODEL_IN_DB"
    assert rows["JWT_ISSUER"]["source"] == f"file: {path}:9"
    assert rows["RBACADMIN_UPPERBOUND_KEY_GENERATE_PARAMS"]["source"] == f"file: {path}:16"
    assert rows["RBACADMIN_MODEL_LIST"]["value"] == ["gpt-4o"]
    assert "sk-provider-secret" not in json.dumps(rows, default=str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("general_settings:\n  role_permision: []", ["2: general_settings knows no 'role_permision'. Did you mean"]),
        ("router_settings: {}", ["1: The file knows no 'router_settings'."]),
        ("litellm_settings:\n  port: 1", ["2: litellm_settings knows no 'port'."]),
        ("general_settings: 3", ["1: general_settings must be a mapping."]),
        ("- a", ["1: Must be a mapping of general_settings"]),
        ("a: [1\nb: 2", ["2: This is no YAML:"]),
        ("general_settings:\n  x: !!python/object:os.system {}", ["2: general_settings knows no 'x'."]),
        ("general_settings:\n  log_level: !secret x", ["2: This is no YAML: could not determine a constructor"]),
        ("general_settings:\n  log_level: A\n  log_level: B", ["3: 'log_level' stands here twice, first on line 2."]),
        ("general_settings:\n  log_level: A\nlitellm_settings:\n  log_level: B", ["4: 'log_level' stands in the file"]),
        ("general_settings:\n  master_key: os.environ/NOT_THERE", ["2: The environment has no variable 'NOT_THERE'."]),
        (
            "general_settings:\n  role_permissions:\n  - role: king\n  - role: team\n    routes: [kee]\n    rights: 1",
            ["3: role_permissions[0].role:", "5: role_permissions[1].routes[0]: 'kee' is", "6: role_permissions"],
        ),
        (
            "general_settings:\n  role_permissions:\n  - {role: team}\n  - {role: TEAM}",
            ["2: role_permissions: stands there twice: team."],
        ),
        (
            "general_settings:\n  litellm_jwtauth:\n    roles_jwt_field: r\n    role_mappings:\n"
            "    - {role: 'a*', internal_role: proxy_admin}",
            ["5: litellm_jwtauth.role_mappings[0]: proxy_admin must be mapped explicitly"],
        ),
        (
            "model_list:\n- model_name: a\n  litellm_params: {model: x}\n- model_name: a\n  litellm_params: {model: y}",
            ["1: model_list: stands there twice: a."],
        ),
        ("model_list:\n- model_name: a\n  litellm_params: {}", ["2: model_list[0]: litellm_params needs model"]),
        ("litellm_settings:\n  upperbound_key_generate_params: {max_budget: -1}", ["2: upperbound_key"]),
        ("x: &a [*a]", ["1:"]),
        ("a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(8)
        ), [""]),
    ],
)  # fmt: skip
def test_every_mistake_says_where_it_stands(file: Any, text: str, expected: list[str]) -> None:
    found = mistakes(file, text)
    assert len(found) >= len(expected)
    for line, begin in zip(found, expected, strict=False):
        assert line.startswith(begin), (line, begin)


def test_a_file_that_is_not_there_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RBACADMIN_CONFIG", "/no/such/file.yaml")
    with pytest.raises(Mistakes, match="/no/such/file.yaml:0: The file cannot be read"):
        Conf()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("general_settings:\n  enable_jwt_auth: true", "2: enable_jwt_auth: needs jwt_issuer"),
        ("general_settings:\n  jwt_issuer: x", "2: jwt_audience"),
        (
            "general_settings:\n  jwt_issuer: x\n  jwt_audience: y\n  jwt_public_key_url: http://evil.example/keys",
            "4: jwt_public_key_url: http://evil.example/keys must begin with https://",
        ),
        (
            "general_settings:\n  jwt_issuer: x\n  jwt_audience: y\n  jwt_algorithms: [HS256]\n  jwt_secret: short",
            "2: jwt_issuer",
        ),
    ],
)
def test_what_does_not_fit_together_stops_the_start_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    done = run({"RBACADMIN_CONFIG": str(path)})
    assert done.returncode != 0
    assert f"{path}:{line.split(':')[0]}:" in done.stderr or line.split(": ", 1)[1] in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_check_explains_and_the_start_stops(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("general_settings:\n  default_team_settings: {team_member_permissions: [/key/fly]}\nmodel_list:\n"
                    "- {model_name: ' a', litellm_params: {model: x, input_cost_per_token: no}}\n")  # fmt: skip
    environment = {"RBACADMIN_CONFIG": str(path), "RBACADMIN_VAR_DIR": str(tmp_path)}
    done = run(environment)
    assert done.returncode == 1
    assert f"{path}:2: Unknown: /key/fly." in done.stderr
    assert f"{path}:4: model_name: must be a name" in done.stderr
    assert f"{path}:4: input_cost_per_token:" in done.stderr
    started = run(environment, "-c", "import rbacadmin.wsgi")
    assert started.returncode == 1
    assert f"{path}:2: Unknown: /key/fly." in started.stderr
    assert "Traceback" not in started.stderr


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(arguments or ("manage.py", "check"))]
    return subprocess.run(command, cwd=BASE_DIR, env={**os.environ, **environment}, capture_output=True, text=True)
