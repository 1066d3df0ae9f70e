"""The authorization matrix through kubectl's door: what it allows takes effect, what it denies changes nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from manifests import names
from manifests.kinds import KINDS
from rbacadmin.models import AuditEvent
from rbacadmin.policy.matrix import PERSONAS
from rbacadmin.policy.matrix import table as matrix
from teams.models import Membership
from tests.kubernetes.conftest import HOME, MERGE, manifest
from tests.matrix import objects
from tests.matrix.judging import undone
from tests.matrix.managed import changed, snapshot
from tests.support.cells import cells
from tests.world import PERSONAS as CAST
from tests.world import World

pytestmark = pytest.mark.sqlite
Pick = Callable[[World, str], Any]


@dataclass(frozen=True)
class Act:
    """One request: on a row that `pick` names, or without one a creation."""

    kind: str
    spec: dict[str, Any] | Callable[[World], dict[str, Any]]
    pick: Pick | None = None
    deletes: bool = False


def ref(kind: str, row: Any) -> dict[str, str]:
    return names.named(KINDS[kind], [row])[row.pk].as_ref()


def membership(world: World, persona: str) -> Membership:
    person = {"team_member_granted": "granted"}.get(persona, "member")
    return Membership.objects.get(user=getattr(world.here, person), team=objects.team(world, persona))


def other_person(world: World, persona: str) -> Any:
    return world.here.people["colleague"]


def others_key(world: World, persona: str) -> Any:
    """Of somebody else, in the persona's team."""
    return world.here.keys["colleague_team" if persona != "team_member_granted" else "granted_service"]


def new_team(world: World) -> dict[str, Any]:
    return {"teamAlias": "new", "organizationRef": ref("Organization", world.organization)}


def new_project(world: World) -> dict[str, Any]:
    return {"projectAlias": "new", "organizationRef": ref("Organization", world.organization)}


def new_person(world: World) -> dict[str, Any]:
    return {"userEmail": "new@example.com", "organizationRef": ref("Organization", world.organization)}


def new_member(world: World) -> dict[str, Any]:
    return {"role": "user", "teamRef": ref("Team", world.team), "userRef": ref("User", world.here.people["reader"])}


ACTS: dict[str, Act] = {
    "ORG-01": Act("Organization", {"organizationAlias": "new"}),
    "ORG-04": Act("Organization", {"organizationAlias": "renamed"}, objects.organization),
    "ORG-05": Act("Organization", {"maxBudget": "900"}, objects.organization),
    "ORG-06": Act("Organization", {"rpmLimit": 5}, objects.organization),
    "ORG-07": Act("Organization", {"models": ["gpt-4", "gpt-4o"]}, objects.organization),
    "PRJ-01": Act("Project", new_project),
    "PRJ-04": Act("Project", {"projectAlias": "renamed"}, objects.project),
    "PRJ-05": Act("Project", {"maxBudget": "200"}, objects.project),
    "PRJ-06": Act("Project", {}, objects.project, deletes=True),
    "PRJ-07": Act("Project", {"maxBudget": "50"}, objects.project),
    "TEA-01": Act("Team", new_team),
    "TEA-02": Act("Team", {"teamAlias": "new"}),
    "TEA-05": Act("Team", {"teamAlias": "renamed", "metadata": {"a": "b"}}, objects.team),
    "TEA-06": Act("Team", {"maxBudget": "50"}, objects.team),
    "TEA-07": Act("Team", {"maxBudget": "200"}, objects.team),
    "TEA-08": Act("Team", {"rpmLimit": 50}, objects.team),
    "TEA-09": Act("Team", {"rpmLimit": 200}, objects.team),
    "TEA-11": Act("Team", {"models": ["gpt-4"]}, objects.team),
    "TEA-13": Act("Team", {"organizationID": None}, objects.team),
    "TEA-14": Act("Team", {}, objects.team, deletes=True),
    "TEA-15": Act("Team", {"blocked": True}, objects.team),
    "TEM-02": Act("TeamMemberAssociation", new_member),
    "TEM-04": Act("TeamMemberAssociation", {"role": "admin"}, membership),
    "TEM-05": Act("TeamMemberAssociation", {"maxBudgetInTeam": "3"}, membership),
    "TEM-07": Act("TeamMemberAssociation", {}, membership, deletes=True),
    "KEY-21": Act("VirtualKey", {}, others_key, deletes=True),
    "KEY-24": Act("VirtualKey", {"blocked": True}, others_key),
    "USR-01": Act("User", new_person),
    "USR-02": Act("User", {"userEmail": "new@example.com"}),
    "USR-03": Act("User", {"userEmail": "new@example.com", "userRole": "proxy_admin"}),
    "USR-08": Act("User", {"userRole": "proxy_admin_viewer"}, other_person),
    "USR-09": Act("User", {"maxBudget": "5"}, other_person),
    "USR-11": Act("User", {"blocked": True}, other_person),
    "USR-12": Act("User", {}, other_person, deletes=True),
}


def asked(world: World, persona: str, method: str, path: str, body: Any = None) -> Any:
    person = CAST[persona]
    headers = {"Authorization": f"Bearer {world.secrets[person]}"} if person else {}
    media = MERGE if method == "PATCH" else "application/json"
    return Client().generic(method, path, json.dumps(body) if body else b"", content_type=media, headers=headers)


def request_of(world: World, persona: str, act: Act) -> tuple[str, str, Any]:
    kind = KINDS[act.kind]
    spec = act.spec(world) if callable(act.spec) else act.spec
    if act.pick is None:
        return "POST", f"{HOME}/{kind.plural}", manifest(act.kind, "new-one", spec)
    row = act.pick(world, persona)
    path = f"{HOME}/{kind.plural}/{names.named(kind, [row])[row.pk].name}"
    return ("DELETE", path, None) if act.deletes else ("PATCH", path, {"spec": spec})


@pytest.mark.parametrize("name", ACTS)
def test_row(cast: World, name: str) -> None:
    row, act = matrix()[name], ACTS[name]
    with cells() as tried:
        for persona in PERSONAS:
            with tried.cell(f"{persona} ({row.cells[persona]})"), undone():
                method, path, body = request_of(cast, persona, act)
                before, done = snapshot(), AuditEvent.objects.filter(outcome="done").count()
                answer = asked(cast, persona, method, path, body)
                if row.cells[persona] != "deny":
                    assert answer.status_code in (200, 201), answer.content
                    assert act.deletes or answer.json()["status"]["conditions"][0]["status"] == "True", answer.content
                    assert changed(before, snapshot())
                    assert AuditEvent.objects.filter(outcome="done").count() > done
                    continue
                if answer.status_code == 201:  # refers to what the caller does not see, and waits for it
                    assert answer.json()["status"]["conditions"][0]["reason"] == "ConfigError"
                    assert set(changed(before, snapshot())) <= {"rbacadmin.Change"}
                    continue
                sees = method == "POST" or asked(cast, persona, "GET", path).status_code == 200
                assert answer.status_code == (401 if persona == "anonymous" else 403 if sees else 404), answer.content
                assert not changed(before, snapshot())


FOREIGN: dict[str, Callable[[World], Any]] = {
    "Organization": objects.foreign_organization,
    "Team": objects.foreign_team,
    "Project": objects.foreign_project,
    "User": lambda world: world.there.people["member"],
    "TeamMemberAssociation": lambda world: Membership.objects.get(
        user=world.there.people["member"], team=world.there.team
    ),
    "VirtualKey": lambda world: world.there.keys["member_team"],
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_next_door_is_not_there(cast: World, kind: str) -> None:
    row = FOREIGN[kind](cast)
    path = f"{HOME}/{KINDS[kind].plural}/{names.named(KINDS[kind], [row])[row.pk].name}"
    nothing = f"{HOME}/{KINDS[kind].plural}/none"
    for persona in ("org_admin", "team_admin", "team_member", "internal_user_no_team"):
        for method, body in (("GET", None), ("PATCH", {"spec": {"rpmLimit": 1}}), ("DELETE", None)):
            real, none = asked(cast, persona, method, path, body), asked(cast, persona, method, nothing, body)
            assert (real.status_code, none.status_code) == (404, 404)
            assert real.json()["message"].replace(path.rsplit("/", 1)[1], "none") == none.json()["message"]
        assert path.rsplit("/", 1)[1] not in {
            one["metadata"]["name"] for one in asked(cast, persona, "GET", path.rsplit("/", 1)[0]).json()["items"]
        }
