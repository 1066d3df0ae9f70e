"""Resources over HTTP: what is answered, in which shape, and how it is refused."""

from typing import Any

import pytest

from manifests.models import Manifest
from rbacadmin.models import AuditEvent
from teams.models import Membership, Team, User
from teams.services import update_team
from tests.factories import join
from tests.kubernetes.conftest import GROUP, MERGE, TABLE, association, manifest, team, user
from tests.world import World

JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
ASSOCIATION = "/teammemberassociations/alice-ai-team"


def test_what_is_created_is_answered_whole(kube: Any) -> None:
    answer = kube("POST", "/teams", team(models=["gpt-4o"], maxBudget="2.5"))
    assert answer.status_code == 201
    document = answer.json()
    assert document["spec"].items() >= {"models": ["gpt-4o"], "maxBudget": "2.5"}.items()
    assert document["metadata"]["generation"] == 1
    assert document["metadata"]["uid"] == str(Team.objects.get(alias="ai-team").pk)
    assert document["status"]["conditions"][0]["status"] == "True"
    assert kube("GET", "/teams/ai-team").json() == document


def test_a_table_is_what_kubectl_prints(seeded: Any) -> None:
    table = seeded("GET", "/teammemberassociations?labelSelector=", accept=TABLE).json()
    assert [column["name"] for column in table["columnDefinitions"]] == [
        *("Name", "Ready", "Team", "User", "Role", "Budget", "Age")
    ]
    cells = {row["cells"][0]: row["cells"][1:6] for row in table["rows"]}
    assert cells["alice-ai-team"] == ["True", "ai-team", "alice@example.com", "admin", ""]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"


def test_a_list_says_from_where_to_watch_and_comes_in_pages(seeded: Any) -> None:
    whole = seeded("GET", "/teams").json()
    assert (whole["kind"], whole["apiVersion"]) == ("TeamList", "auth.litellm.ai/v1alpha1")
    assert int(whole["metadata"]["resourceVersion"]) > 0
    names, rest = [], ""
    while True:
        page = seeded("GET", f"/teams?limit=3&continue={rest}").json()
        names += [item["metadata"]["name"] for item in page["items"]]
        rest = page["metadata"].get("continue", "")
        if not rest:
            break
        assert len(page["items"]) == 3
    assert names == [item["metadata"]["name"] for item in whole["items"]]


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("labelSelector=tier%3Dgold", {"one"}),
        ("labelSelector=tier+in+(gold,iron)", {"one", "two"}),
        ("labelSelector=tier,tier!=gold", {"two"}),
        ("labelSelector=tier+notin+(gold),tier", {"two"}),
        ("fieldSelector=metadata.name%3Dtwo", {"two"}),
        ("fieldSelector=metadata.name%3Dtwo&labelSelector=tier%3Dgold", set()),
    ],
)
def test_selectors_are_applied_here(kube: Any, selector: str, names: set[str]) -> None:
    for name, tier in (("one", "gold"), ("two", "iron")):
        made = team(name)
        made["metadata"]["labels"] = {"tier": tier}
        assert kube("POST", "/teams", made).status_code == 201
    assert {item["metadata"]["name"] for item in kube("GET", f"/teams?{selector}").json()["items"]} == names
    assert "one" not in str(kube("GET", "/teams?labelSelector=!tier").json())


def test_a_merge_patch_takes_effect(seeded: Any) -> None:
    answer = seeded("PATCH", ASSOCIATION, {"spec": {"role": "member"}}, media=MERGE)
    assert answer.status_code == 200
    assert answer.json()["spec"]["role"] == "member"
    assert answer.json()["status"]["role"] == "user"
    assert answer.json()["metadata"]["generation"] == 2
    assert Membership.objects.get(user__email="alice@example.com", team__isnull=False).role == "user"


def test_a_json_patch_takes_effect_or_is_refused_whole(seeded: Any) -> None:
    patch = [
        {"op": "test", "path": "/spec/role", "value": "admin"},
        {"op": "add", "path": "/spec/maxBudgetInTeam", "value": "3"},
    ]
    assert seeded("PATCH", ASSOCIATION, patch, media=JSON_PATCH).json()["spec"]["maxBudgetInTeam"] == "3"
    for wrong in ([{**patch[0], "value": "user"}], [{"op": "remove", "path": "/spec/nothing"}], [{"op": "hm"}], ["x"]):
        assert seeded("PATCH", ASSOCIATION, wrong, media=JSON_PATCH).status_code == 422


def test_a_strategic_patch_is_refused_as_of_any_custom_resource(seeded: Any) -> None:
    answer = seeded("PATCH", ASSOCIATION, {}, media="application/strategic-merge-patch+json")
    assert (answer.status_code, answer.json()["reason"]) == (415, "UnsupportedMediaType")


def test_applying_creates_changes_and_takes_back(kube: Any) -> None:
    path = "/teams/ai-team?fieldManager=ci&force=false"
    assert kube("PATCH", path, team(models=["gpt-4o"], rpmLimit=5), media=APPLY).status_code == 201
    again = kube("PATCH", path, team(models=["gpt-4o"], rpmLimit=5), media=APPLY)
    assert again.status_code == 200
    changed = kube("PATCH", path, team(models=["gpt-4"]), media=APPLY).json()
    assert changed["spec"]["models"] == ["gpt-4"]
    assert "rpmLimit" not in changed["spec"]
    assert Team.objects.get(alias="ai-team").rpm_limit is None


def test_two_managers_of_one_field_conflict_unless_forced(kube: Any) -> None:
    kube("PATCH", "/teams/ai-team?fieldManager=ci", team(rpmLimit=5), media=APPLY)
    refused = kube("PATCH", "/teams/ai-team?fieldManager=me", team(rpmLimit=6), media=APPLY)
    assert refused.status_code == 409
    assert refused.json()["details"]["causes"] == [
        {"reason": "FieldManagerConflict", "message": 'conflict with "ci"', "field": ".spec.rpmLimit"}
    ]
    assert kube("PATCH", "/teams/ai-team?fieldManager=me&force=true", team(rpmLimit=6), media=APPLY).status_code == 200
    assert Team.objects.get(alias="ai-team").rpm_limit == 6


def test_a_put_from_an_old_version_is_a_conflict(cast: World, seeded: Any) -> None:
    document = seeded("GET", "/teams/ai-team").json()
    update_team(cast.actor("proxy_admin"), Team.objects.get(alias="ai-team"), rpm_limit=9)  # through another door
    document["spec"]["rpmLimit"] = 7
    answer = seeded("PUT", "/teams/ai-team", document)
    assert (answer.status_code, answer.json()["reason"]) == (409, "Conflict")
    del document["metadata"]["resourceVersion"]
    assert seeded("PUT", "/teams/ai-team", document).json()["spec"]["rpmLimit"] == 7


def test_a_rehearsal_answers_and_leaves_no_trace(seeded: Any) -> None:
    before = AuditEvent.objects.count(), Manifest.objects.count(), Team.objects.count()
    assert seeded("POST", "/teams?dryRun=All", team("other")).status_code == 201
    changed = seeded("PATCH", f"{ASSOCIATION}?dryRun=All", {"spec": {"role": "user"}}, media=MERGE).json()
    assert changed["status"]["role"] == "user"
    assert seeded("DELETE", "/teams/ai-team?dryRun=All").status_code == 200
    assert seeded("PUT", "/teams/ai-team?dryRun=All", team(rpmLimit=3)).status_code == 200
    assert (AuditEvent.objects.count(), Manifest.objects.count(), Team.objects.count()) == before
    assert seeded("POST", "/teams?dryRun=Some", team("other")).status_code == 400


def test_unknown_fields_are_refused_warned_of_or_ignored(kube: Any) -> None:
    wrong = team(rpmLimt=5)
    strict = kube("POST", "/teams?fieldValidation=Strict", wrong)
    assert (strict.status_code, strict.json()["message"]) == (
        400,
        'strict decoding error: unknown field "spec.rpmLimt"',
    )
    warned = kube("POST", "/teams?fieldValidation=Warn", wrong)
    assert (warned.status_code, warned["Warning"]) == (201, '299 - "unknown field \\"spec.rpmLimt\\""')
    assert "rpmLimt" not in str(kube("GET", "/teams/ai-team").json())
    assert "Warning" not in kube("POST", "/teams?fieldValidation=Ignore", team("other", rpmLimt=5))


def test_mistakes_are_causes(kube: Any) -> None:
    answer = kube("POST", "/teammemberassociations", association(role="king", maxBudgetInTeam="much"))
    assert (answer.status_code, answer.json()["reason"]) == (422, "Invalid")
    causes = {cause["field"]: cause["reason"] for cause in answer.json()["details"]["causes"]}
    assert causes == {"spec.role": "FieldValueNotSupported", "spec.maxBudgetInTeam": "FieldValueInvalid"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (manifest("User", "x", {}), 400),
        ({**team("x"), "metadata": {"name": "x", "namespace": "other"}}, 400),
        ({**team("x"), "metadata": {"name": "x", "labels": {"a": 1}}}, 422),
        ({**team("x"), "metadata": {}}, 422),
        ({**team("x"), "metadata": None}, 422),
        ({**team("x"), "spec": []}, 422),
        ({**team("x"), "apiVersion": "v1"}, 400),
    ],
)
def test_what_is_no_manifest_of_the_kind_is_refused(kube: Any, body: Any, code: int) -> None:
    assert kube("POST", "/teams", body).status_code == code
    assert not Team.objects.filter(alias="x").exists()


def test_a_name_is_taken_once(kube: Any) -> None:
    kube("POST", "/teams", team())
    again = kube("POST", "/teams", team())
    assert (again.status_code, again.json()["reason"]) == (409, "AlreadyExists")
    same = kube("POST", "/teams", team("other", teamAlias="ai-team"))
    assert (same.status_code, same.json()["details"]["causes"][0]["reason"]) == (422, "FieldValueDuplicate")
    made = {**team("x", teamAlias="generated")}
    made["metadata"] = {"generateName": "gen-"}
    assert kube("POST", "/teams", made).json()["metadata"]["name"].startswith("gen-")


def test_who_may_not_is_told_why_and_who_sees_nothing_is_told_nothing(seeded: Any) -> None:
    refused = seeded("PATCH", "/teams/acme-core", {"spec": {"teamAlias": "mine"}}, media=MERGE, as_="member")
    assert (refused.status_code, refused.json()["reason"]) == (403, "Forbidden")
    assert 'teams.auth.litellm.ai "acme-core" is forbidden' in refused.json()["message"]
    for hidden in (seeded("GET", "/teams/acme-core", as_="stranger"), seeded("GET", "/teams/none", as_="stranger")):
        name = hidden.request["PATH_INFO"].rsplit("/", 1)[1]
        assert hidden.status_code == 404
        assert hidden.json()["message"] == f'teams.auth.litellm.ai "{name}" not found'
    assert AuditEvent.objects.filter(outcome="refused", door="kubernetes").exists()


def test_without_a_bearer_there_is_nothing(api: Any) -> None:
    for path in (f"{GROUP}/teams", "/api", "/apis", "/openapi/v2"):
        answer = api("GET", path)
        assert (answer.status_code, answer.json()["reason"]) == (401, "Unauthorized")
    assert api("GET", "/version").json()["major"] == "1"


def test_finalizers_hold_a_resource_until_they_are_gone(kube: Any) -> None:
    made = team()
    made["metadata"]["finalizers"] = ["example.com/hold"]
    kube("POST", "/teams", made)
    marked = kube("DELETE", "/teams/ai-team")
    assert marked.json()["metadata"]["deletionTimestamp"]
    assert Team.objects.filter(alias="ai-team").exists()
    kube("PATCH", "/teams/ai-team", {"metadata": {"finalizers": None}}, media=MERGE)
    assert kube("GET", "/teams/ai-team").status_code == 404
    assert not Team.objects.filter(alias="ai-team").exists()


def test_an_operator_adds_to_the_status_and_changes_nothing_of_ours(seeded: Any) -> None:
    patch = {"status": {"kopf": {"progress": {}}, "note": "hello", "role": "king"}, "spec": {"role": "user"}}
    answer = seeded("PATCH", f"{ASSOCIATION}/status", patch, media=MERGE).json()
    assert answer["status"]["note"] == "hello"
    assert (answer["status"]["role"], answer["spec"]["role"]) == ("admin", "admin")
    assert seeded("PATCH", f"{ASSOCIATION}/status", {"status": {"note": None}}, media=MERGE).status_code == 200


def test_a_deletion_answers_a_status(seeded: Any) -> None:
    answer = seeded("DELETE", ASSOCIATION).json()
    assert (answer["kind"], answer["status"], answer["details"]["name"]) == ("Status", "Success", "alice-ai-team")
    assert seeded("DELETE", ASSOCIATION).status_code == 404
    assert seeded("DELETE", "/users/alice", {"preconditions": {"uid": "other"}}).status_code == 409
    assert user()["metadata"]["name"] in str(seeded("GET", "/users").json())


def test_what_waits_is_its_author_s_and_whoever_only_reads_changes_nothing_of_it(kube: Any) -> None:
    """There is no row yet to ask about."""
    assert kube("POST", "/teammemberassociations", association(), as_="org_admin").status_code == 201
    assert kube("GET", ASSOCIATION, as_="team_admin").status_code == 404
    assert kube("GET", ASSOCIATION, as_="auditor").status_code == 200
    for method, body, media in (("DELETE", None, ""), ("PATCH", {"spec": {"role": "user"}}, MERGE)):
        refused = kube(method, ASSOCIATION, body, as_="auditor", **({"media": media} if media else {}))
        assert (refused.status_code, refused.json()["reason"]) == (403, "Forbidden"), refused.content
    assert kube("PATCH", ASSOCIATION, {"spec": {"role": "user"}}, as_="org_admin", media=MERGE).status_code == 200
    assert kube("DELETE", ASSOCIATION, as_="org_admin").status_code == 200


def test_heads_are_read_and_nothing_else(seeded: Any) -> None:
    assert seeded("HEAD", "/teams/ai-team").status_code == 200
    assert seeded("HEAD", "/teams/none").status_code == 404


def test_what_one_organization_declares_about_a_person_is_not_the_others_business(kube: Any, cast: World) -> None:
    home = kube("GET", "/organizations", as_="org_admin").json()["items"][0]["metadata"]["name"]
    declared = user("carla", organizationRef={"name": home}, keyAlias="first", autoCreateKey=True)
    declared["metadata"] |= {"labels": {"performance": "low"}, "annotations": {"note": "watch her"}}
    answer = kube("POST", "/users", declared, as_="org_admin")
    assert answer.status_code == 201, answer.content
    assert answer.json()["metadata"]["labels"] == {"performance": "low"}
    person = User.objects.get(email="carla@example.com")
    join(person, cast.there.organization, "internal_user")

    def told(name: str) -> Any:
        return kube("GET", "/users/carla", as_=name).json()

    for name in ("org_admin", "proxy_admin", "auditor"):
        assert told(name)["metadata"]["labels"] == {"performance": "low"}, name
        assert told(name)["spec"]["organizationRef"] == {"name": home}, name
    theirs = told("stranger")
    assert theirs["spec"]["userEmail"] == "carla@example.com", "the facts are"
    assert not {"labels", "annotations"} & theirs["metadata"].keys()
    assert not {"organizationRef", "keyAlias"} & theirs["spec"].keys()
    assert "keySecretRef" not in theirs["status"]
    found = kube("GET", "/users?labelSelector=performance", as_="stranger").json()["items"]
    assert found == [], "nor by a selector"
    again = kube("PUT", "/users/carla", theirs, as_="stranger")
    assert again.status_code == 403, "who only sees a row declares nothing about it"
    assert told("org_admin")["metadata"]["labels"] == {"performance": "low"}
