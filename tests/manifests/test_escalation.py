"""Nobody gets by a manifest what they may not have otherwise: by waiting, adopting, or reading what others wrote."""

import json
from typing import Any

import pytest

from manifests import documents, key_secrets, resources, writing
from manifests.errors import Invalid
from manifests.healing import heal_waiting
from manifests.kinds import KINDS
from manifests.models import Manifest
from orgs.closing import delete_scopes
from rbacadmin.errors import NotFound, PermissionDenied
from rbacadmin.policy import Actor
from rbacadmin.policy.actions import Action
from teams.models import Membership, Team, User
from tests.factories import KeyFactory
from tests.manifests.texts import Do, manifest, organization, team
from tests.world import World

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def test_a_person_whom_an_admin_declared_makes_no_admin_of_themselves_by_waiting(
    cast: World, declare: Any, shown: Any
) -> None:
    """The row waits for an organization that they do not see, and is tried again when that changes."""
    shown("Organization", "globex")
    user = declare("User", "fresh", {"userEmail": "fresh@example.com"}).row
    actor, kind = Actor.for_user(user), KINDS["User"]
    spec = {"userEmail": user.email, "userRole": "proxy_admin", "organizationRef": {"name": "globex"}}
    one = resources.find(actor, kind, "litellm", "fresh")
    document = documents.read(kind, {"metadata": {"name": "fresh"}, "spec": spec}, namespace="litellm")
    writing.replace_manifest(actor, one.manifest, one.row, document)
    organization = cast.there.organization
    heal_waiting("organization", str(organization.pk), organization)
    assert User.objects.get(pk=user.pk).platform_role == user.platform_role != "proxy_admin"
    assert Manifest.objects.get(kind="User", name="fresh").creator == actor.principal


def test_a_team_admin_plants_nobody_in_the_team_of_others_by_waiting(cast: World, declare: Any, shown: Any) -> None:
    shown("Team", "globex-core")
    acme = {"organizationRef": {"name": shown("Organization", "acme")["metadata"]["name"]}}
    declare("User", "zoe", {"userEmail": "zoe@example.com", **acme})
    core = {"teamRef": {"name": shown("Team", "acme-core")["metadata"]["name"]}, "role": "user"}
    declare("TeamMemberAssociation", "zoe-core", {**core, "userRef": {"name": "zoe"}})
    theirs = {"teamRef": {"name": "globex-core"}, "userRef": {"name": "zed"}, "role": "admin"}
    declare("TeamMemberAssociation", "zoe-core", theirs, as_="team_admin")
    zed = declare("User", "zed", {"userEmail": "zed@example.com", **acme}, as_="org_admin").row
    heal_waiting("user", str(zed.pk), zed)
    assert not Membership.objects.filter(user=zed, team=cast.there.team).exists()


@pytest.mark.parametrize(("who", "person"), [("auditor", "colleague"), ("member", "member")])
def test_whoever_only_sees_a_membership_declares_nothing_about_it(
    cast: World, declare: Any, shown: Any, who: str, person: str
) -> None:
    refs = {"teamRef": {"name": shown("Team", "acme-core")["metadata"]["name"]}, "userRef": {"name": person}}
    assert shown("User", person)["status"]["userID"] == getattr(cast, person).public_id
    with pytest.raises(PermissionDenied):
        declare("TeamMemberAssociation", "mine", {**refs, "role": "user"}, as_=who)
    assert not Manifest.objects.filter(name="mine").exists()


def test_whoever_may_not_change_a_person_holds_up_nobody_s_deletion_of_them(
    cast: World, declare: Any, shown: Any
) -> None:
    """The same answer for somebody new and for somebody known elsewhere."""
    acme = {"organizationRef": {"name": shown("Organization", "acme")["metadata"]["name"]}}
    for email in (cast.there.member.email, "new@example.com"):
        with pytest.raises(PermissionDenied, match="profile"):
            declare("User", "guess", {"userEmail": email, **acme}, as_="org_admin", finalizers=["example.com/hold"])


def test_what_another_tenant_calls_a_person_is_not_told(cast: World, declare: Any, shown: Any) -> None:
    acme = {"organizationRef": {"name": shown("Organization", "acme")["metadata"]["name"]}}
    declare("User", "secret-project", {"userEmail": "known@example.com"}, namespace="globex")
    with pytest.raises(Invalid, match="declared already") as refused:
        declare("User", "guess", {"userEmail": "known@example.com", **acme}, as_="org_admin")
    assert "globex" not in str(refused.value)


def test_what_kubectl_noted_of_limits_is_read_by_who_may_read_them(cast: World, shown: Any, declare: Any) -> None:
    spec = shown("Team", "acme-core")["spec"]
    spec = {name: spec[name] for name in ("teamAlias", "organizationID", "maxBudget")}
    noted = {LAST_APPLIED: json.dumps({"spec": spec}), "example.com/owner": "ml"}
    declare("Team", "acme-core", spec, annotations=noted)
    found = {
        who: shown("Team", "acme-core", as_=who)["metadata"]["annotations"]
        for who in ("proxy_admin", "team_admin", "member")
    }
    assert found == {"proxy_admin": noted, "team_admin": noted, "member": {"example.com/owner": "ml"}}


def test_a_key_that_is_held_to_less_takes_no_secret_that_its_person_made(cast: World, declare: Any) -> None:
    declare("VirtualKey", "big", {"keyAlias": "big"})
    narrow = {
        "reach": KeyFactory(user=cast.proxy_admin, team=cast.team, organization=cast.organization),
        "actions": KeyFactory(user=cast.proxy_admin, actions=[Action.VIEW_KEYS]),
    }
    for key in narrow.values():
        actor = Actor.for_key(key)
        assert not key_secrets.mine(actor).exists()
        with pytest.raises(NotFound):
            key_secrets.take(actor, namespace="litellm", name="big-key")
    assert key_secrets.take(cast.actor("proxy_admin"), namespace="litellm", name="big-key")[1].startswith("sk-")


def test_pruning_removes_nothing_of_a_set_that_somebody_else_may_not_delete(cast: World, do: Do) -> None:
    """Also where the row is gone already."""
    do(organization("new") + team("ml", organizationRef={"name": "new"}), owner="gitops")
    delete_scopes(cast.actor("proxy_admin"), Team.objects.get(alias="ml"))
    own = manifest("User", "member", userEmail=cast.member.email)
    resources.named(cast.actor("member"), KINDS["User"], "litellm", "member")
    do(own, as_="member", owner="gitops", prune=True)
    assert Manifest.objects.filter(kind="Team", name="ml").exists()
