"""The verbs of access groups: what they may stand for, and that nobody loses one that they use."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gateway.access_groups import create_access_group, delete_access_group, update_access_group
from gateway.models import CatalogModel, ModelAccessGroup
from keys.models import Key
from orgs.models import Organization, Project
from orgs.services import update_organization
from rbacadmin import policy
from rbacadmin.errors import Conflict, Duplicate, PermissionDenied
from rbacadmin.models import Archived, AuditEvent
from rbacadmin.policy import Action
from teams.models import Membership, Team, User
from teams.services import update_team
from tests.world import World


@pytest.fixture
def catalog(cast: World) -> World:
    ModelAccessGroup.objects.all().delete()
    CatalogModel.objects.create(name="gpt-4o-mini")
    CatalogModel.objects.create(name="own-llama", team=cast.team, organization=cast.organization)
    return cast


def fast(cast: World) -> ModelAccessGroup:
    return create_access_group(cast.actor("proxy_admin"), name="fast", models=["gpt-4o-mini", "gpt-4o-mini"])


def test_a_group_is_made_changed_and_deleted_on_record(catalog: World) -> None:
    group = fast(catalog)
    assert group.models == ["gpt-4o-mini"]
    changed = update_access_group(catalog.actor("proxy_admin"), group, models=["claude"], description="cheap ones")
    assert (changed.models, changed.description) == (["claude"], "cheap ones")
    delete_access_group(catalog.actor("proxy_admin"), group)
    assert not ModelAccessGroup.objects.exists()
    assert Archived.objects.get(kind="modelaccessgroup").snapshot["models"] == ["claude"]
    done = AuditEvent.objects.filter(event__startswith="access_group.").order_by("created_at")
    assert [event.event.split(".")[1] for event in done] == ["created", "updated", "deleted"]


def test_only_platform_admins_write_groups(catalog: World) -> None:
    """Rulebook 23."""
    group = fast(catalog)
    for name in ("org_admin", "team_admin", "member", "auditor", "loner"):
        actor = catalog.actor(name)
        with pytest.raises(PermissionDenied):
            create_access_group(actor, name="mine", models=["claude"])
        with pytest.raises(PermissionDenied):
            update_access_group(actor, group, models=["claude"])
        with pytest.raises(PermissionDenied):
            delete_access_group(actor, group)
    assert ModelAccessGroup.objects.get().models == ["gpt-4o-mini"]
    assert AuditEvent.objects.filter(outcome="refused").count() == 15


@pytest.mark.parametrize("name", ["claude", "CLAUDE", "own-llama", "Fast"])
def test_names_of_groups_and_models_never_collide(catalog: World, name: str) -> None:
    fast(catalog)
    with pytest.raises(Duplicate):
        create_access_group(catalog.actor("proxy_admin"), name=name, models=["gpt-4o"])


@pytest.mark.parametrize("name", ["", " ", "a/b", "gpt-*", "all-team-models", " x"])
def test_a_name_that_lists_or_paths_would_read_otherwise_is_refused(catalog: World, name: str) -> None:
    with pytest.raises(ValidationError):
        create_access_group(catalog.actor("proxy_admin"), name=name, models=["gpt-4o"])


@pytest.mark.parametrize("models", [[], ["gpt-9"], ["gpt-4o", "gpt-9"], ["own-llama"], ["fast"]])
def test_a_group_stands_for_models_that_the_platform_has(catalog: World, models: list[str]) -> None:
    group = fast(catalog)
    with pytest.raises(ValidationError):
        create_access_group(catalog.actor("proxy_admin"), name="new", models=models)
    with pytest.raises(ValidationError):
        update_access_group(catalog.actor("proxy_admin"), group, models=models)
    assert ModelAccessGroup.objects.get().models == ["gpt-4o-mini"]


USERS: dict[str, Any] = {
    "organization": lambda cast: Organization.objects.filter(pk=cast.organization.pk),
    "project": lambda cast: Project.objects.filter(pk=cast.project.pk),
    "team": lambda cast: Team.objects.filter(pk=cast.team.pk),
    "user": lambda cast: User.objects.filter(pk=cast.loner.pk),
    "membership": lambda cast: Membership.objects.filter(user=cast.member, team=cast.team),
    "key": lambda cast: Key.objects.filter(pk=cast.here.keys["member_team"].pk),
}


@pytest.mark.parametrize("kind", USERS)
def test_a_group_that_is_in_use_stays(catalog: World, kind: str) -> None:
    """ACG-03."""
    group = fast(catalog)
    USERS[kind](catalog).update(models=["claude", "fast"])
    with pytest.raises(Conflict, match=rf"1 {kind} \("):
        delete_access_group(catalog.actor("proxy_admin"), group)
    assert ModelAccessGroup.objects.filter(pk=group.pk).exists()
    assert AuditEvent.objects.get(outcome="refused").status == 409


def test_a_group_shows_to_those_it_is_assigned_to_and_restricts_them(catalog: World) -> None:
    group = fast(catalog)
    Team.objects.filter(pk=catalog.team.pk).update(models=["fast"])
    can = {name: policy.can(catalog.actor(name), Action.VIEW_ACCESS_GROUPS, group) for name in ("member", "outsider")}
    assert can == {"member": True, "outsider": False}
    Organization.objects.update(models=None)
    mini, claude = (CatalogModel.objects.get(name=name) for name in ("gpt-4o-mini", "claude"))
    key = policy.Actor.for_key(Key.objects.get(pk=catalog.here.keys["member_team"].pk))
    assert policy.can(key, Action.VIEW_MODELS, mini)
    assert not policy.can(key, Action.VIEW_MODELS, claude)
    update_access_group(catalog.actor("proxy_admin"), group, models=["claude"])
    fresh = policy.Actor.for_key(Key.objects.get(pk=key.key_id))
    assert (policy.can(fresh, Action.VIEW_MODELS, mini), policy.can(fresh, Action.VIEW_MODELS, claude)) == (False, True)


def test_a_group_above_allows_its_models_beneath(cast: World) -> None:
    """A group in `models` restricts like a name does (rulebook 23), and covers what it stands for."""
    admin = cast.actor("proxy_admin")
    for name in ("gpt-4", "gpt-4o", "claude"):
        CatalogModel.objects.create(name=name)
    create_access_group(admin, name="bright", models=["gpt-4", "gpt-4o"])
    update_organization(admin, cast.organization, models=["bright"])
    update_team(admin, cast.team, models=["gpt-4"])
    update_team(admin, cast.team, models=["bright"])
    with pytest.raises(ValidationError) as error:
        update_team(admin, cast.team, models=["bright", "claude"])
    assert "claude" in error.value.message_dict["models"][0]
    update_organization(admin, cast.organization, models=["gpt-4"])
    cast.team.refresh_from_db()
    with pytest.raises(ValidationError):
        update_team(admin, cast.team, models=["bright"], max_budget=1)
