"""What a manifest of each kind does to rows, and what rows look like as manifests."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from manifests import documents, writing
from manifests.errors import Invalid
from manifests.kinds import KINDS
from manifests.models import Manifest
from orgs.models import Organization, Project
from rbacadmin.errors import Conflict, NotFound, PermissionDenied
from rbacadmin.models import AuditEvent
from teams.models import Membership, Team, User
from teams.services import change_member, remove_member
from tests.world import World

HERE = {"instanceRef": {"name": "litellm-example", "namespace": "litellm"}}
SEED_TEAM = {"teamAlias": "ai-team", "models": ["gpt-4o"], "connectionRef": HERE}
SEED_USER = {
    "userEmail": "alice@example.com",
    "userAlias": "alice",
    "userRole": "internal_user_viewer",
    "models": ["gpt-4o"],
    "maxBudget": "10",
    "budgetDuration": "1h",
    "connectionRef": HERE,
}


def association(team: str, user: str, role: str = "admin", **more: Any) -> dict[str, Any]:
    refs = {"teamRef": {"name": team, "namespace": "litellm"}, "userRef": {"name": user, "namespace": "litellm"}}
    return {"connectionRef": HERE, "role": role, **refs, **more}


def condition(document: dict[str, Any]) -> tuple[str, str]:
    (ready,) = document["status"]["conditions"]
    return ready["status"], ready["reason"]


def test_the_workflow_of_the_seed_makes_the_rows(cast: World, declare: Any, shown: Any) -> None:
    declare("Team", "ai-team", SEED_TEAM)
    declare("User", "alice", SEED_USER)
    declare("TeamMemberAssociation", "alice-ai-team", association("ai-team", "alice"))
    alice = User.objects.get(email="alice@example.com")
    assert (alice.name, alice.platform_role, alice.max_budget) == ("alice", "internal_user_viewer", 10 * 10**9)
    membership = Membership.objects.get(user=alice, team=Team.objects.get(alias="ai-team"))
    assert membership.role == "admin"
    document = shown("TeamMemberAssociation", "alice-ai-team")
    assert document["spec"] == association("ai-team", "alice")
    assert document["status"]["teamAlias"] == "ai-team"
    assert document["status"]["userEmail"] == "alice@example.com"
    assert condition(document) == ("True", "Ready")
    assert shown("Team", "ai-team")["spec"]["models"] == ["gpt-4o"]
    assert shown("User", "alice")["spec"] == SEED_USER


@pytest.mark.parametrize(("written", "stored"), [("admin", "admin"), ("user", "user"), ("member", "user")])
def test_every_spelling_of_a_role_is_taken_and_comes_back_as_written(
    cast: World, declare: Any, shown: Any, written: str, stored: str
) -> None:
    declare("Team", "ai", {"teamAlias": "ai"})
    declare("User", "alice", SEED_USER)
    declare("TeamMemberAssociation", "both", association("ai", "alice", written))
    document = shown("TeamMemberAssociation", "both")
    assert (document["spec"]["role"], document["status"]["role"]) == (written, stored)


def test_a_new_role_and_budget_take_effect(cast: World, declare: Any, shown: Any) -> None:
    declare("Team", "ai", {"teamAlias": "ai"})
    declare("User", "alice", SEED_USER)
    before = declare("TeamMemberAssociation", "both", association("ai", "alice", "admin")).manifest.pk
    declare("TeamMemberAssociation", "both", association("ai", "alice", "member", maxBudgetInTeam="2.50"))
    membership = Membership.objects.get(user__email="alice@example.com", team__isnull=False)
    assert (membership.role, membership.max_budget) == ("user", 2_500_000_000)
    document = shown("TeamMemberAssociation", "both")
    assert document["metadata"]["uid"] == str(before)
    assert document["metadata"]["generation"] == 2
    assert document["spec"]["maxBudgetInTeam"] == "2.50"


def test_a_changed_reference_moves_the_membership(cast: World, declare: Any, shown: Any) -> None:
    declare("Team", "ai", {"teamAlias": "ai"})
    declare("Team", "ml", {"teamAlias": "ml"})
    declare("User", "alice", SEED_USER)
    declare("TeamMemberAssociation", "both", association("ai", "alice", "member"))
    declare("TeamMemberAssociation", "both", association("ml", "alice", "member"))
    assert [
        one.team.alias for one in Membership.objects.filter(user__email="alice@example.com", team__isnull=False)
    ] == ["ml"]
    assert shown("TeamMemberAssociation", "both")["status"]["teamAlias"] == "ml"


def test_a_namespace_of_a_reference_counts(cast: World, declare: Any, shown: Any) -> None:
    declare("Team", "ai", {"teamAlias": "ai there"}, namespace="tenant")
    declare("User", "alice", SEED_USER)
    spec = association("ai", "alice") | {"teamRef": {"name": "ai", "namespace": "tenant"}}
    declare("TeamMemberAssociation", "both", spec)
    assert shown("TeamMemberAssociation", "both")["status"]["teamAlias"] == "ai there"


@pytest.mark.parametrize("last", ["Team", "User"])
def test_what_is_not_there_yet_is_waited_for(
    cast: World, declare: Any, shown: Any, last: str, django_capture_on_commit_callbacks: Any
) -> None:
    specs = {"Team": ("ai-team", SEED_TEAM), "User": ("alice", SEED_USER)}
    first = {"Team": "User", "User": "Team"}[last]
    declare(first, *specs[first])
    declare("TeamMemberAssociation", "both", association("ai-team", "alice"))
    document = shown("TeamMemberAssociation", "both")
    assert condition(document) == ("False", "ConfigError")
    assert document["spec"] == association("ai-team", "alice")
    with django_capture_on_commit_callbacks(execute=True):
        declare(last, *specs[last])
    assert condition(shown("TeamMemberAssociation", "both")) == ("True", "Ready")
    assert Membership.objects.filter(user__email="alice@example.com", team__alias="ai-team").exists()


def test_another_instance_is_a_connection_error(cast: World, declare: Any, shown: Any) -> None:
    declare("Team", "far", SEED_TEAM | {"connectionRef": {"instanceRef": {"name": "other", "namespace": "litellm"}}})
    assert condition(shown("Team", "far")) == ("False", "ConnectionError")
    assert not Team.objects.filter(alias="ai-team").exists()


@pytest.mark.parametrize(
    "order", [("Team", "User", "TeamMemberAssociation"), ("User", "TeamMemberAssociation", "Team")]
)
def test_deleting_in_any_order_never_gets_stuck(
    cast: World, declare: Any, shown: Any, remove: Any, order: tuple[str, ...]
) -> None:
    names = {"Team": "ai-team", "User": "alice", "TeamMemberAssociation": "both"}
    declare("Team", "ai-team", SEED_TEAM)
    declare("User", "alice", SEED_USER)
    declare("TeamMemberAssociation", "both", association("ai-team", "alice"))
    for kind in order:
        assert remove(kind, names[kind]) is None
        with pytest.raises(NotFound):
            shown(kind, names[kind])
    assert not Manifest.objects.filter(name__in=names.values()).exists()


def test_an_association_outlives_its_team_and_comes_back_with_it(
    cast: World, declare: Any, shown: Any, remove: Any, django_capture_on_commit_callbacks: Any
) -> None:
    declare("Team", "ai-team", SEED_TEAM)
    declare("User", "alice", SEED_USER)
    declare("TeamMemberAssociation", "both", association("ai-team", "alice"))
    remove("Team", "ai-team")
    assert condition(shown("TeamMemberAssociation", "both")) == ("False", "ConfigError")
    with django_capture_on_commit_callbacks(execute=True):
        declare("Team", "ai-team", SEED_TEAM)
    assert condition(shown("TeamMemberAssociation", "both")) == ("True", "Ready")


def test_a_membership_ended_elsewhere_takes_its_manifest_along(cast: World, declare: Any, shown: Any) -> None:
    """A resource is the same row as everywhere else: it does not come back by itself."""
    declare("Team", "ai-team", SEED_TEAM)
    declare("User", "alice", SEED_USER)
    made = declare("TeamMemberAssociation", "both", association("ai-team", "alice", "member"))
    remove_member(cast.actor("proxy_admin"), made.row)
    with pytest.raises(NotFound):
        shown("TeamMemberAssociation", "both")
    declare("TeamMemberAssociation", "again", association("ai-team", "alice", "member"))


def test_what_was_changed_elsewhere_shows(cast: World, declare: Any, shown: Any) -> None:
    declare("Team", "ai-team", SEED_TEAM)
    declare("User", "alice", SEED_USER)
    made = declare("TeamMemberAssociation", "both", association("ai-team", "alice", "member"))
    change_member(cast.actor("proxy_admin"), made.row, role="admin", max_budget=10**9)
    document = shown("TeamMemberAssociation", "both")
    assert (document["spec"]["role"], document["spec"]["maxBudgetInTeam"]) == ("admin", "1")


def test_a_member_reads_no_budget_of_the_team(cast: World, shown: Any) -> None:
    assert "maxBudget" not in shown("Team", "acme-core", as_="member")["spec"]
    assert shown("Team", "acme-core", as_="team_admin")["spec"]["maxBudget"] == "100"


def test_who_may_not_changes_nothing(cast: World, declare: Any) -> None:
    with pytest.raises(PermissionDenied):
        declare("Team", "mine", {"teamAlias": "mine"}, as_="member")
    with pytest.raises(PermissionDenied):
        declare("Team", "acme-core", {"teamAlias": "acme core", "models": ["claude"]}, as_="member")
    with pytest.raises(PermissionDenied):
        declare("TeamMemberAssociation", "hm", association("nothing", "nobody"), as_="loner")
    assert not Manifest.objects.filter(spec__isnull=False).exists()
    assert AuditEvent.objects.filter(outcome="refused", status=403).count() == 3


def test_what_is_left_out_is_cleared_and_what_is_unseen_is_kept(cast: World, declare: Any) -> None:
    organization = {"organizationID": cast.organization.public_id}
    declare("Team", "acme-core", {"teamAlias": "acme core", "rpmLimit": 50, **organization}, as_="org_admin")
    team = Team.objects.get(pk=cast.team.pk)
    assert (team.max_budget, team.rpm_limit) == (None, 50)


def test_mistakes_come_all_at_once_with_their_places(declare: Any) -> None:
    with pytest.raises(Invalid) as refused:
        declare(
            "TeamMemberAssociation", "Bad Name", {"role": "king", "teamRef": {"nmae": "x"}, "userRef": {"name": "y"}}
        )
    found = {cause.field: cause.reason for cause in refused.value.causes}
    assert found == {
        "metadata.name": "FieldValueInvalid",
        "spec.role": "FieldValueNotSupported",
        "spec.teamRef.name": "FieldValueRequired",
        "spec.teamRef.nmae": "FieldValueUnknown",
    }


def test_a_name_is_given_once(declare: Any, cast: World) -> None:
    declare("Team", "one", {"teamAlias": "one"})
    document = documents.read(
        KINDS["Team"], {"metadata": {"name": "one"}, "spec": {"teamAlias": "two"}}, namespace="litellm"
    )
    with pytest.raises(Conflict):
        writing.create_manifest(cast.actor("proxy_admin"), document)
    with pytest.raises(ValidationError):
        declare("Team", "other", {"teamAlias": "one"})


def test_organizations_and_projects(cast: World, declare: Any, shown: Any, remove: Any) -> None:
    declare("Organization", "initech", {"organizationAlias": "Initech", "maxBudget": "500", "models": ["gpt-4o"]})
    ref = {"organizationRef": {"name": "initech"}}
    place = {"namespace": "jobs", "clusterID": "c1", "nodeSelector": [{"key": "gpu", "value": "yes"}]}
    project = {"projectAlias": "TPS", "kubernetesNamespace": "tps", "assignments": [place], **ref}
    declare("Project", "tps", project)
    declare("Team", "peter", {"teamAlias": "Peter", "blocked": True, "teamMemberPermissions": ["/key/info"], **ref})
    assert Project.objects.get(alias="TPS").organization == Organization.objects.get(alias="Initech")
    assert shown("Project", "tps")["spec"].items() >= project.items()
    team = shown("Team", "peter")["spec"]
    assert (team["blocked"], team["teamMemberPermissions"], team["organizationRef"]) == (
        True,
        ["/key/info"],
        {"name": "initech"},
    )
    assert "organizationID" not in team
    declare("Team", "peter", {"teamAlias": "Peter", **ref})
    assert not Team.objects.get(alias="Peter").blocked
    remove("Organization", "initech")
    assert not Team.objects.filter(alias="Peter").exists()


def test_finalizers_delay_the_end(cast: World, declare: Any, shown: Any, remove: Any) -> None:
    declare("Team", "one", {"teamAlias": "one"}, finalizers=["example.com/wait"])
    assert remove("Team", "one") is not None
    assert "deletionTimestamp" in shown("Team", "one")["metadata"]
    declare("Team", "one", {"teamAlias": "one"})
    assert not Team.objects.filter(alias="one").exists()


def test_declaring_the_same_again_writes_nothing(cast: World, declare: Any) -> None:
    declare("Team", "ai-team", SEED_TEAM, labels={"a": "b"})
    before = AuditEvent.objects.count()
    declare("Team", "ai-team", SEED_TEAM, labels={"a": "b"})
    assert AuditEvent.objects.count() == before
