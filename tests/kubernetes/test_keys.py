"""Keys as manifests: made, changed and ended; and their secrets, which are had once."""

import base64
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from keys.models import Key
from keys.secrets import digest
from manifests import key_secrets
from manifests.models import KeySecret
from teams.models import User
from tests.kubernetes.conftest import MERGE, TABLE, manifest, user
from tests.world import World

SECRETS = "/api/v1/namespaces/litellm/secrets"


def key(name: str = "ci", **spec: Any) -> dict[str, Any]:
    return manifest("VirtualKey", name, {"keyAlias": name, **spec})


def secret_of(answer: Any) -> str:
    return base64.b64decode(answer.json()["data"]["key"]).decode()


def test_the_seed_s_person_gets_a_first_key(kube: Any, api: Any) -> None:
    spec = {"keyAlias": "alice-key", "autoCreateKey": True, "maxBudget": "10", "budgetDuration": "1h"}
    made = kube("POST", "/users", user(**spec, userRole="internal_user_viewer")).json()
    assert made["status"]["keySecretRef"] == "alice-key"
    assert "sk-" not in str(made).replace("sk-...", "")
    listed = kube("GET", SECRETS, accept=TABLE).json()
    assert [row["cells"][:3] for row in listed["rows"]] == [["alice-key", "Opaque", 1]]
    assert kube("GET", f"{SECRETS}/alice-key", accept=TABLE).status_code == 200  # looking at the table takes nothing
    secret = secret_of(kube("GET", f"{SECRETS}/alice-key"))
    assert Key.objects.get(token=digest(secret)).user == User.objects.get(email="alice@example.com")
    assert kube("GET", f"{SECRETS}/alice-key").status_code == 404
    assert kube("GET", SECRETS).json()["items"] == []
    assert kube("GET", "/users/alice").json()["spec"]["autoCreateKey"] is True


def test_nobody_but_the_creator_has_the_secret(cast: World, kube: Any) -> None:
    kube("POST", "/virtualkeys", key(), as_="member")
    for other in ("proxy_admin", "org_admin", "team_admin"):
        assert kube("GET", f"{SECRETS}/ci-key", as_=other).status_code == 404
        assert kube("GET", SECRETS, as_=other).json()["items"] == []
    assert secret_of(kube("GET", f"{SECRETS}/ci-key", as_="member")).startswith("sk-")


def test_after_an_hour_it_is_gone(kube: Any) -> None:
    kube("POST", "/virtualkeys", key())
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert kube("GET", f"{SECRETS}/ci-key").status_code == 404
        assert key_secrets.forget() == 1
    assert not KeySecret.objects.exists()


def test_a_key_in_a_team_is_made_changed_and_ended(cast: World, kube: Any) -> None:
    refs = {"teamRef": {"name": "acme-core"}, "userRef": {"name": "member"}}
    made = kube("POST", "/virtualkeys", key(**refs, rpmLimit=5, duration="30d"), as_="org_admin")
    assert made.status_code == 201, made.content
    row = Key.objects.get(alias="ci")
    assert (row.team, row.user, row.rpm_limit) == (cast.team, cast.member, 5)
    assert made.json()["spec"]["teamRef"] == {"name": "acme-core"}
    assert made.json()["status"]["expires"]
    kube("PATCH", "/virtualkeys/ci", {"spec": {"blocked": True, "rpmLimit": 4}}, media=MERGE, as_="org_admin")
    row.refresh_from_db()
    assert (row.blocked, row.rpm_limit) == (True, 4)
    assert kube("DELETE", "/virtualkeys/ci", as_="member").status_code == 403
    assert kube("DELETE", "/virtualkeys/ci", as_="org_admin").status_code == 200
    assert not Key.objects.filter(alias="ci").exists()


def test_lists_hold_the_keys_that_one_may_list(cast: World, kube: Any) -> None:
    def names(person: str) -> set[str]:
        return {one["metadata"]["name"] for one in kube("GET", "/virtualkeys", as_=person).json()["items"]}

    assert "colleague-team" not in names("member")
    assert {"member-team", "colleague-team"} <= names("team_admin")


@pytest.mark.parametrize("spec", [{"teamID": "none"}, {"userRef": {"name": "none"}}])
def test_a_key_waits_for_what_it_names(kube: Any, spec: dict[str, Any]) -> None:
    made = kube("POST", "/virtualkeys", key(**spec)).json()
    assert made["status"]["conditions"][0]["reason"] == "ConfigError"
    assert not Key.objects.filter(alias="ci").exists()
    assert kube("POST", "/virtualkeys", key("x", allowedRoutes=["hm"])).status_code == 422


def test_this_server_and_its_models_are_there_to_be_read(cast: World, kube: Any) -> None:
    there = "/apis/litellm.litellm.ai/v1alpha1/namespaces/litellm"
    found = kube("GET", f"{there}/litellminstances", as_="loner").json()["items"]
    assert [one["metadata"]["name"] for one in found] == ["litellm-example"]
    assert (
        kube("GET", f"{there}/litellminstances/litellm-example").json()["status"]["conditions"][0]["status"] == "True"
    )
    assert kube("GET", f"{there}/litellminstances/other").status_code == 404
    assert "gpt-4o" in {one["spec"]["modelName"] for one in kube("GET", f"{there}/models").json()["items"]}
    assert kube("DELETE", f"{there}/models/gpt-4o").status_code == 405
