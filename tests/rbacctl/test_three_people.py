"""Seed 004's rules as three people meet them: an organization's owner, a project's owner, and a reader."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rbacctl.failure import Code

pytestmark = pytest.mark.sqlite

PLACE = ("-o", "Trio")


def test_who_owns_manages_and_a_reader_without_a_project_sees_nothing_inside(
    signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {}
    assert signed_in("admin", "orgs", "create", "Trio").exit_code == 0
    for name, role in (("olga", "owner"), ("petra", "reader"), ("rita", "reader"), ("mia", "reader")):
        mail = f"{name}@trio.example"
        assert signed_in("admin", "orgs", "add-member", "Trio", "--email", mail, "--role", role).exit_code == 0
        made = signed_in("keys", "create", f"{name}-trio", "--user", mail, "-o", "json")
        keys[name] = json.loads(made.stdout)["key"]

    def as_(name: str, *line: str) -> Any:
        monkeypatch.setenv("RBACCTL_API_KEY", keys[name])
        return signed_in(*line)

    assert as_("olga", "admin", "projects", "create", "Songs", *PLACE).exit_code == 0
    adding = ("admin", "projects", "add-member", "Songs", *PLACE, "--email")
    assert as_("olga", *adding, "petra@trio.example", "--role", "owner").exit_code == 0
    assert as_("petra", *adding, "mia@trio.example", "--role", "member").exit_code == 0
    assert as_("mia", *adding, "rita@trio.example", "--role", "member").exit_code == Code.FORBIDDEN
    assert as_("petra", "admin", "projects", "create", "More", *PLACE).exit_code == Code.FORBIDDEN
    assert as_("olga", "admin", "orgs", "create", "Another").exit_code == Code.FORBIDDEN

    listed = as_("rita", "admin", "projects", "list", *PLACE, "-o", "json")
    assert (listed.exit_code, json.loads(listed.stdout)) == (0, [])
    inside = as_("rita", "admin", "projects", "list-members", "Songs", *PLACE)
    assert (inside.exit_code, inside.stdout) == (Code.NOT_FOUND, "")
    assert as_("rita", "auth", "api-keys", "create", "mine", *PLACE, "-p", "Songs").exit_code == Code.NOT_FOUND

    assert as_("mia", "context", "set").exit_code == 0  # one organization, one project: nothing to ask
    made = json.loads(as_("mia", "auth", "api-keys", "create", "mine", "-o", "json").stdout)
    assert (made["project"]["title"], made["user"]["id"]) == ("Songs", "mia@trio.example")
