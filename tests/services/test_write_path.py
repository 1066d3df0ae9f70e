"""Every write: lock, require, check, change, record, in one transaction; refusals recorded after its rollback."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from orgs.models import Organization
from orgs.services import create_organization
from rbacadmin import audit, policy
from rbacadmin.errors import Conflict, Duplicate, NotFound, PermissionDenied
from rbacadmin.models import Archived, AuditEvent, Change
from rbacadmin.policy import Action, Actor, Origin
from rbacadmin.service import event_of, running, service
from teams.models import Membership, Team, User
from teams.services import add_member, update_team
from tests.factories import OrganizationFactory, TeamFactory, UserFactory, join
from tests.world import World


@service
def rename_team(actor: Actor, team: Team, *, alias: str, fail: Exception | None = None) -> Team:
    """A write for these tests: it changes a row, records it, and then may fail."""
    policy.require(actor, Action.CHANGE_TEAMS, team)
    team.alias = alias
    team.save()
    audit.record(actor, "team.renamed", team, alias=alias)
    if fail:
        raise fail
    return team


@service
def rename_both(actor: Actor, first: Team, second: Team, *, alias: str) -> None:
    """A write that is made of two."""
    assert running.get()
    rename_team(actor, first, alias=alias)
    rename_team(actor, second, alias=f"{alias} too")


def test_a_success_leaves_one_event_and_one_change(cast: World) -> None:
    actor = Actor.for_user(cast.team_admin, Origin(door="api", ip="192.0.2.7", request_id="request-1"))
    rename_team(actor, cast.team, alias="new")
    event, change = AuditEvent.objects.get(), Change.objects.get()
    assert (event.event, event.outcome, event.status) == ("team.renamed", "done", 200)
    assert (event.kind, event.object_id, event.object_label) == ("team", str(cast.team.pk), "new")
    assert (event.principal, event.actor_user_id, event.actor_key_id) == (actor.principal, cast.team_admin.pk, None)
    assert (event.door, event.ip, event.request_id) == ("api", "192.0.2.7", "request-1")
    assert (event.organization_id, event.team_id, event.project_id) == (cast.organization.pk, cast.team.pk, None)
    assert event.details == {"alias": "new"}
    assert (change.kind, change.object_id, change.op) == ("team", str(cast.team.pk), "updated")


@pytest.mark.postgres
def test_the_change_carries_the_transaction_on_postgresql(cast: World) -> None:
    rename_team(cast.actor("team_admin"), cast.team, alias="new")
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        assert Change.objects.get().xid == cursor.fetchone()[0]


def test_a_key_is_named_in_the_record(cast: World) -> None:
    key = cast.here.keys["team_admin_team"]
    rename_team(Actor.for_key(key), cast.team, alias="new")
    event = AuditEvent.objects.get()
    assert (event.principal, event.actor_key_id, event.actor_user_id) == (f"key:{key.pk}", key.pk, cast.team_admin.pk)
    assert key.name in event.actor_label


@pytest.mark.parametrize(
    ("event", "op"),
    [
        ("team.created", "created"),
        ("member.added", "created"),
        ("key.generated", "created"),
        ("team.updated", "updated"),
        ("team.permissions_updated", "updated"),
        ("key.blocked", "updated"),
        ("key.deleted", "deleted"),
        ("member.removed", "deleted"),
    ],
)
def test_the_change_says_what_became_of_the_row(cast: World, event: str, op: str) -> None:
    audit.record(Actor.master(), event, cast.team)
    assert Change.objects.get().op == op


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict("In use.", code="in_use"), 409),
        (NotFound("team", "x", obj=Team()), 404),
    ],
)
def test_nothing_is_half_written_when_a_write_is_refused(cast: World, error: Any, status: int) -> None:
    if isinstance(error, NotFound):
        error.obj = cast.team
    with pytest.raises(type(error)) as caught:
        rename_team(cast.actor("team_admin"), cast.team, alias="new", fail=error)
    assert caught.value is error
    assert Team.objects.get(pk=cast.team.pk).alias != "new"
    assert not Change.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.status) == ("team.rename", "refused", status)


def test_a_refusal_carries_its_decision(cast: World) -> None:
    with pytest.raises(PermissionDenied):
        rename_team(cast.actor("member"), cast.team, alias="new")
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.status) == ("team.rename", "refused", 403)
    assert event.object_id == str(cast.team.pk)
    assert event.team_id == cast.team.pk
    assert event.details["decision"]["action"] == "change_teams"


def test_a_broken_rule_is_no_refusal(cast: World) -> None:
    """400 goes to the log only (rulebook 26)."""
    with pytest.raises(ValidationError):
        rename_team(cast.actor("team_admin"), cast.team, alias="new", fail=ValidationError({"alias": "no"}))
    assert Team.objects.get(pk=cast.team.pk).alias != "new"
    assert not AuditEvent.objects.exists()
    assert not Change.objects.exists()


def test_an_inner_verb_decides_by_the_facts_behind_its_own_lock(cast: World) -> None:
    """Who waits for a lock in the middle of a request may have lost their rights meanwhile."""

    @service
    def change_teams(actor: Actor, *, name: str) -> Team:
        Membership.objects.filter(user=actor.user_id, team=cast.team).delete()  # as somebody else did
        return rename_team(actor, cast.team, alias=name)

    with pytest.raises(PermissionDenied):
        change_teams(cast.actor("team_admin"), name="new")
    assert Team.objects.get(pk=cast.team.pk).alias != "new"


def test_who_loses_the_race_for_a_name_looks_again(cast: World) -> None:
    tried = []

    @service
    def change_team(actor: Actor, team: Team) -> Team:
        tried.append(team)
        if len(tried) == 1:
            raise IntegrityError("duplicate key")
        raise Duplicate("alias", "This name is taken.")

    with pytest.raises(Duplicate):
        change_team(cast.actor("team_admin"), cast.team)
    assert len(tried) == 2


def test_a_bug_writes_nothing_and_frees_the_frame(cast: World) -> None:
    with pytest.raises(ZeroDivisionError):
        rename_team(cast.actor("team_admin"), cast.team, alias="new", fail=ZeroDivisionError())
    assert Team.objects.get(pk=cast.team.pk).alias != "new"
    assert not AuditEvent.objects.exists()
    assert running.get() is None


def test_a_write_inside_a_write_joins_it(cast: World) -> None:
    """The second refusal takes the first change back, and is recorded once, under the outer name."""
    with pytest.raises(PermissionDenied):
        rename_both(cast.actor("team_admin"), cast.team, cast.other_team, alias="new")
    assert Team.objects.get(pk=cast.team.pk).alias != "new"
    event = AuditEvent.objects.get()
    assert (event.event, event.outcome, event.object_id) == ("team.rename_both", "refused", str(cast.other_team.pk))
    assert not Change.objects.exists()


def test_who_lost_the_right_meanwhile_is_refused(cast: World) -> None:
    actor = cast.actor("team_admin")
    Membership.objects.filter(user=cast.team_admin, team=cast.team).update(role="user")
    assert policy.can(actor, Action.CHANGE_TEAMS, cast.team), "the facts that the caller read are old"
    with pytest.raises(PermissionDenied):
        rename_team(actor, cast.team, alias="new")


def test_whose_key_was_blocked_meanwhile_is_refused(cast: World) -> None:
    actor = Actor.for_key(cast.here.keys["team_admin_team"])
    type(actor.key).objects.filter(pk=actor.key_id).update(blocked_by="team")  # type: ignore[union-attr]
    with pytest.raises(PermissionDenied):
        rename_team(actor, cast.team, alias="new")


@pytest.mark.parametrize(
    ("verb", "on", "event"),
    [
        ("add_member", "team", "member.add"),
        ("add_members", "team", "member.add"),
        ("create_team", "organization", "team.create"),
        ("create_organization", None, "organization.create"),
        ("create_model", None, "model.create"),
        ("generate_service_key", "team", "key.generate_service"),
        ("update_access_group", None, "access_group.update"),
        ("export_audit", "organization", "audit.export"),
        ("delete_keys", "key", "key.delete"),
        ("delete_scopes", "team", "team.delete"),
        ("block_scope", "organization", "organization.block"),
        ("add_models", "team", "team.add_models"),
        ("set_member_permissions", "team", "team.set_member_permissions"),
        ("change_email", "member", "user.change_email"),
        ("trigger_password_reset", "member", "user.trigger_password_reset"),
        ("revoke_sessions", "member", "user.revoke_sessions"),
        ("reset_spend", "project", "project.reset_spend"),
    ],
)
def test_an_attempt_is_named_after_what_it_was_tried_on(cast: World, verb: str, on: str | None, event: str) -> None:
    """One noun with the event of its success: `user.change_email` and `user.email_changed`."""
    rows = {"member": cast.member, "key": cast.here.keys["member_team"]}
    assert event_of(verb, [rows.get(on) or getattr(cast, on)] if on else []) == event


def test_what_is_archived_keeps_its_name_and_place(cast: World) -> None:
    key = cast.here.keys["member_team"]
    audit.archive(cast.actor("team_admin"), key, name=key.label, snapshot={"max_budget": None, "at": key.created_at})
    kept = Archived.objects.get()
    assert (kept.kind, kept.object_id, kept.name) == ("key", str(key.pk), key.label)
    assert (kept.organization_id, kept.team_id, kept.project_id) == (cast.organization.pk, cast.team.pk, None)
    assert kept.snapshot == {"max_budget": None, "at": key.created_at.isoformat()}
    assert kept.archived_by == cast.team_admin.email


@pytest.mark.django_db(transaction=True)
def test_a_refusal_outlives_the_rollback_of_its_write() -> None:
    """Against the real thing, without a test's transaction around: the write is gone, the record stays."""
    organization = OrganizationFactory()
    team, admin = TeamFactory(organization=organization), UserFactory()
    join(admin, team, "admin")
    with pytest.raises(Conflict):
        rename_team(Actor.for_user(admin), team, alias="new", fail=Conflict("In use."))
    assert not connection.in_atomic_block
    assert Team.objects.get(pk=team.pk).alias != "new"
    event = AuditEvent.objects.get(event="team.rename")
    assert (event.outcome, event.status, event.team_id) == ("refused", 409, team.pk)
    assert not Change.objects.filter(object_id=str(team.pk)).exists()


@pytest.mark.django_db(transaction=True)
def test_what_follows_a_commit_runs_after_it_only() -> None:
    ran: list[str] = []

    @service
    def follow(actor: Actor, *, fail: bool) -> None:
        transaction.on_commit(lambda: ran.append("followed"))
        assert ran == []
        if fail:
            raise Conflict("no")

    with pytest.raises(Conflict):
        follow(Actor.master(), fail=True)
    assert ran == []
    follow(Actor.master(), fail=False)
    assert ran == ["followed"]


def test_every_service_takes_the_actor_first_and_is_marked() -> None:
    for verb in (create_organization, add_member, update_team):
        assert verb.__wrapped__.__code__.co_varnames[0] == "actor"  # type: ignore[attr-defined]
    assert Organization._meta.model_name == "organization"
    assert User._meta.model_name == "user"
