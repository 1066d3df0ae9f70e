"""What clients look for before they ask for anything: discovery, schemas, and who they are."""

import base64
from typing import Any

import pytest
from django.test import Client

from api.kubernetes.protobuf import field, fields, nested
from tests.kubernetes.conftest import GROUP
from tests.world import World

REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
WHOAMI = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def test_every_kind_is_discovered(kube: Any) -> None:
    found = {one["name"]: one for one in kube("GET", GROUP).json()["resources"]}
    assert found["teammemberassociations"]["kind"] == "TeamMemberAssociation"
    assert found["teammemberassociations"]["shortNames"] == ["tma"]
    assert {"watch", "patch"} <= set(found["teams"]["verbs"])
    assert found["teams/status"]["singularName"] == ""
    assert "auth.litellm.ai" in {group["name"] for group in kube("GET", "/apis").json()["groups"]}
    assert kube("GET", "/apis/none/v1").json()["kind"] == "Status"


def test_the_newer_schema_says_everything_in_json(kube: Any) -> None:
    (path,) = [
        part["serverRelativeURL"] for name, part in kube("GET", "/openapi/v3").json()["paths"].items() if "auth" in name
    ]
    document = kube("GET", path).json()
    schema = document["components"]["schemas"]["ai.litellm.auth.v1alpha1.TeamMemberAssociation"]
    spec = schema["properties"]["spec"]
    assert set(spec["required"]) == {"teamRef", "userRef", "role"}
    assert spec["properties"]["maxBudgetInTeam"]["type"] == "string"
    assert spec["properties"]["teamRef"]["properties"]["name"] == {
        "type": "string",
        "description": "Name of the resource.",
        "maxLength": 255,
        "minLength": 1,
    }
    assert "anyOf" not in str(schema)
    assert "$ref" not in str(schema)


def test_the_older_schema_is_protobuf(kube: Any) -> None:
    answer = kube("GET", "/openapi/v2")
    assert answer["Content-Type"] == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
    definitions = [nested(one, 1) for number, one in fields(nested(answer.content, 9)) if number == 1]
    assert b"ai.litellm.auth.v1alpha1.TeamMemberAssociation" in b"".join(
        one for _, one in fields(nested(answer.content, 9))
    )
    assert definitions


@pytest.mark.parametrize(
    ("person", "attributes", "allowed"),
    [
        ("proxy_admin", {"verb": "create", "resource": "teams"}, True),
        ("org_admin", {"verb": "create", "resource": "teams"}, True),
        ("member", {"verb": "create", "resource": "teams"}, False),
        ("member", {"verb": "list", "resource": "teams"}, True),
        ("member", {"verb": "get", "resource": "teams", "name": "acme-core"}, True),
        ("member", {"verb": "delete", "resource": "teams", "name": "acme-core"}, False),
        ("org_admin", {"verb": "delete", "resource": "teams", "name": "acme-core"}, True),
        ("stranger", {"verb": "get", "resource": "teams", "name": "acme-core"}, False),
        ("proxy_admin", {"verb": "create", "resource": "pods"}, False),
        ("auditor", {"verb": "patch", "resource": "users"}, False),
    ],
)
def test_can_i_is_answered_by_the_policy(
    cast: World, kube: Any, person: str, attributes: dict[str, str], allowed: bool
) -> None:
    spec = {"resourceAttributes": {"group": "auth.litellm.ai", "namespace": "litellm", **attributes}}
    answer = kube("POST", REVIEW, {"spec": spec}, as_=person)
    assert (answer.status_code, answer.json()["status"]["allowed"]) == (201, allowed), answer.content


def test_all_that_one_may_is_listed(kube: Any) -> None:
    def verbs(person: str) -> list[str]:
        path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
        rules = kube("POST", path, {"spec": {"namespace": "litellm"}}, as_=person).json()["status"]["resourceRules"]
        return next(rule["verbs"] for rule in rules if rule["resources"] == ["teams"])  # type: ignore[no-any-return]

    assert verbs("org_admin") == ["get", "list", "watch", "create", "update", "patch", "delete"]
    assert verbs("member") == ["get", "list", "watch"]


def test_newer_clients_ask_in_protobuf(cast: World, api: Any) -> None:
    attributes = field(1, "litellm") + field(2, "create") + field(3, "auth.litellm.ai") + field(5, "teams")
    review = field(2, field(1, attributes))
    body = (
        b"k8s\0"
        + field(1, field(1, "authorization.k8s.io/v1") + field(2, "SelfSubjectAccessReview"))
        + field(2, review)
    )
    for person, allowed in (("org_admin", True), ("member", False)):
        answer = Client().generic(
            "POST",
            REVIEW,
            body,
            content_type="application/vnd.kubernetes.protobuf",
            headers={"Authorization": f"Bearer {cast.secrets[person]}"},
        )
        assert answer.json()["status"]["allowed"] is allowed
        broken = Client().generic(
            "POST",
            REVIEW,
            base64.b64encode(body),
            content_type="application/vnd.kubernetes.protobuf",
            headers={"Authorization": f"Bearer {cast.secrets[person]}"},
        )
        assert broken.status_code == 400


def test_whoami_names_the_roles(kube: Any, cast: World) -> None:
    info = kube("POST", WHOAMI, {}, as_="team_admin").json()["status"]["userInfo"]
    assert info["uid"] == str(cast.team_admin.pk)
    assert "team:acme core:admin" in info["groups"]


def test_namespaces_are_those_in_which_one_sees_something(kube: Any) -> None:
    assert [one["metadata"]["name"] for one in kube("GET", "/api/v1/namespaces").json()["items"]] == ["litellm"]
