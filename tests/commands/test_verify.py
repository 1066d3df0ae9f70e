"""`manage.py verify`: clean where the services wrote, and each invariant sees the row that breaks it."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gateway.models import DailyUsage
from keys.models import Key
from orgs.models import Organization
from rbacadmin import audit, policy
from rbacadmin.management import invariants
from rbacadmin.models import AuditEvent, Change
from rbacadmin.policy import Action, Actor
from teams.models import Membership, Team, User
from teams.services import (
    add_member,
    block_users,
    change_email,
    change_member,
    change_password,
    delete_users,
    remove_member,
    revoke_sessions,
    share_scope,
    trigger_password_reset,
    unblock_users,
    update_user,
)
from tests.commands.conftest import Company
from tests.factories import TeamFactory

Run = Callable[..., str]


def sql(statement: str, *rows: Model | Any) -> None:
    """Raw SQL; rows stand for their ids, in the form that the database keeps."""
    bare = connection.vendor == "sqlite"
    ids = [row.pk if isinstance(row, Model) else row for row in rows]
    values = [pk.hex if bare and isinstance(pk, UUID) else pk for pk in ids]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def breaches(run: Run) -> list[str]:
    with pytest.raises(SystemExit) as stopped:
        run("verify")
    code, output = stopped.value.args
    assert code == 1
    assert "breach" in output
    return [line for line in output.splitlines() if re.match(r"I\d ", line)]


def the_only(run: Run, invariant: str, kind: str, pk: Any) -> str:
    """The line that names the row; no other invariant is broken."""
    lines = breaches(run)
    assert {line[:2] for line in lines} == {invariant}, lines
    (line,) = [line for line in lines if line.startswith(f"{invariant} {kind} {pk}")]
    return line


def test_a_world_made_by_the_services_is_clean(company: Company, run: Run) -> None:
    assert run("verify") == "All 9 invariants hold.\n"


def test_it_stays_clean_when_people_leave_and_change(company: Company, run: Run) -> None:
    root = Actor.master()
    change_member(root, company.membership, role="admin")
    remove_member(root, Membership.objects.get(user=company.member, team=None, project=None))
    audit.write(Actor.for_user(company.admin), "user.second_factor_added", company.admin, {})
    assert "hold" in run("verify")


def test_it_stays_clean_when_people_are_changed_blocked_and_deleted(company: Company, run: Run) -> None:
    """I2, I3, I7 and I8: addresses, passwords, roles, blocks; what the sign-in pages write, too."""
    root, me = Actor.master(), company.member
    me = change_email(root, me, email="renamed@acme.example.com")
    me = update_user(root, me, platform_role="internal_user_viewer", max_budget=5, name="Renamed")
    unblock_users(root, block_users(root, [me]))
    revoke_sessions(root, me)
    link = trigger_password_reset(root, me)
    form, words = (browser := Client()).get(link, follow=True), "correct horse battery staple"
    browser.post(form.request["PATH_INFO"], {"password1": words, "password2": words})
    browser.post("/accounts/login/", {"login": me.email, "password": words})
    assert browser.session["_auth_user_id"] == str(me.pk)
    other = "another horse, another staple"
    browser.post("/ui/account/password/", {"current_password": words, "new_password": other, "again": other})
    change_password(Actor.for_user(me), me, current_password=other, new_password=words)
    assert AuditEvent.objects.filter(event="user.password_changed", object_id=str(me.pk)).count() == 3
    assert "hold" in run("verify")
    delete_users(root, [me])
    assert "hold" in run("verify")


def test_i1_a_row_that_was_created_on_record_is_missing(company: Company, run: Run) -> None:
    sql("DELETE FROM keys_key WHERE id = %s", company.service_key)
    lines = breaches(run)
    assert f"I1 key {company.service_key.pk} was created on record and is not there" in lines


def test_i2_a_change_without_an_audit_event(company: Company, run: Run) -> None:
    event = AuditEvent.objects.get(event="key.blocked", object_id=str(company.key.pk))
    sql("DELETE FROM rbacadmin_auditevent WHERE id = %s", event)
    assert "1 audit events, 2 changes" in the_only(run, "I2", "key", company.key.pk)


def test_i2_a_row_that_nobody_recorded(company: Company, run: Run) -> None:
    sql("DELETE FROM rbacadmin_auditevent WHERE object_id = %s", str(company.project.pk))
    sql("DELETE FROM rbacadmin_change WHERE object_id = %s", str(company.project.pk))
    assert the_only(run, "I2", "project", company.project.pk).endswith("is there without a record")


def test_i3_a_key_whose_owner_is_no_longer_in_the_team(company: Company, run: Run) -> None:
    sql("UPDATE keys_key SET blocked_by = '' WHERE id = %s", company.key)
    sql("DELETE FROM teams_membership WHERE id = %s", company.membership)
    assert f"I3 key {company.key.pk}: its owner bob@acme.example.com is no member of its team" in breaches(run)


def test_i3_a_scope_column_that_differs_from_the_parents(company: Company, run: Run) -> None:
    initial = Organization.objects.exclude(pk=company.organization.pk).get()
    sql("UPDATE keys_key SET organization_id = %s WHERE id = %s", initial, company.service_key)
    assert f"I3 key {company.service_key.pk}: organization differs from that of its team" in breaches(run)


def test_i3_a_membership_that_hangs_on_the_group_of_another_scope(company: Company, run: Run) -> None:
    sql("UPDATE teams_membership SET group_id = %s WHERE id = %s", company.project.group_id, company.membership)
    assert the_only(run, "I3", "membership", company.membership.pk).endswith("its group is not that of its team")


def test_i4_an_organization_that_lost_its_last_admin(company: Company, run: Run) -> None:
    sql("UPDATE teams_membership SET role = 'internal_user' WHERE role = 'org_admin'")
    lines = breaches(run)
    assert f"I4 organization {company.organization.pk}: has no admin any more" in lines


def test_i4_an_admin_by_promotion_counts(company: Company, run: Run) -> None:
    root = Actor.master()
    other = Organization.objects.exclude(pk=company.organization.pk).get()
    joined = add_member(root, other, person="mia@acme.example.com", role="reader")
    sql("DELETE FROM rbacadmin_auditevent WHERE organization_id = %s AND event = 'member.added'", other)
    sql("DELETE FROM rbacadmin_change WHERE kind = 'membership'")
    change_member(root, joined, role="org_admin")
    sql("UPDATE teams_membership SET role = 'internal_user' WHERE organization_id = %s", other)
    assert f"I4 organization {other.pk}: has no admin any more" in breaches(run)


def test_i4_a_platform_without_an_active_admin(company: Company, run: Run) -> None:
    sql("UPDATE teams_user SET platform_role = 'internal_user' WHERE platform_role = 'proxy_admin'")
    assert breaches(run) == ["I4 platform: has no active admin"]


def test_i5_a_team_above_its_organization(company: Company, run: Run) -> None:
    sql("UPDATE teams_team SET max_budget = %s WHERE id = %s", 2000 * 10**9, company.team)
    assert "max_budget: Must be at most" in the_only(run, "I5", "team", company.team.pk)


def test_i5_a_key_above_its_owners_own_limit_in_the_team(company: Company, run: Run) -> None:
    sql("UPDATE keys_key SET max_budget = %s WHERE id = %s", 11 * 10**9, company.key)
    assert "team member" in the_only(run, "I5", "key", company.key.pk)


def test_i5_a_parent_that_was_lowered_later_is_no_breach(company: Company, run: Run) -> None:
    key = Key.objects.get(pk=company.key.pk)
    sql("UPDATE keys_key SET max_budget = %s WHERE id = %s", 5 * 10**9, key)
    change_member(Actor.master(), company.membership, max_budget=10**9)
    assert "hold" in run("verify")


@pytest.mark.parametrize("kind", ["key", "team", "organization"])
def test_i6_spend_that_differs_from_its_days_by_a_nano_dollar(company: Company, run: Run, kind: str) -> None:
    row = getattr(company, kind)
    sql("UPDATE gateway_spend SET lifetime = lifetime + 1 WHERE object_id = %s", row)
    assert "in all" in the_only(run, "I6", kind, row.pk)


def test_i6_a_parent_that_differs_from_the_sum_of_its_parts(company: Company, run: Run) -> None:
    sql("UPDATE gateway_spend SET lifetime = lifetime + 1 WHERE object_id = %s", company.team)
    sql("UPDATE gateway_dailyusage SET spend = spend + 1 WHERE object_id = %s", company.team)
    assert the_only(run, "I6", "team", company.team.pk).endswith("13 by days, 12 by its keys")


def test_i6_usage_outlives_the_key(company: Company, run: Run) -> None:
    remove_member(Actor.master(), company.membership)
    assert not Key.objects.filter(pk=company.key.pk).exists()
    assert DailyUsage.objects.filter(object_id=company.key.pk).exists()
    assert "hold" in run("verify")


def test_i7_a_team_member_who_is_not_in_the_organization(company: Company, run: Run) -> None:
    outer = Membership.objects.get(user=company.member, team=None, project=None)
    sql("DELETE FROM teams_membership WHERE id = %s", outer)
    expected = f"I7 membership {company.membership.pk}: its person is no member of the organization"
    assert expected in breaches(run)


def test_i7_what_is_shared_beyond_the_organization(company: Company, run: Run) -> None:
    borrower = TeamFactory(organization=company.organization)
    share_scope(Actor.master(), company.team, team=borrower, actions=[Action.LIST_KEYS])
    assert "hold" in run("verify")
    sql("UPDATE teams_team SET organization_id = NULL WHERE id = %s", borrower)
    assert f"I7 team {company.team.pk} is shared with a group of another organization" in breaches(run)


@pytest.mark.parametrize("table", ["keys_key", "teams_team", "orgs_organization"])
def test_i8_a_plain_secret_in_a_text(company: Company, run: Run, table: str) -> None:
    row = {"keys_key": company.key, "teams_team": company.team, "orgs_organization": company.organization}[table]
    sql(f"UPDATE {table} SET metadata = %s WHERE id = %s", '{"note": "sk-u_abcdefgh12345678"}', row)
    assert the_only(run, "I8", str(row._meta.model_name), row.pk).endswith("holds a plain secret")


def test_i8_a_key_that_is_stored_as_it_is(company: Company, run: Run) -> None:
    sql("UPDATE keys_key SET token = 'not-a-hash' WHERE id = %s", company.key)
    assert the_only(run, "I8", "key", company.key.pk).endswith("is not stored as a hash")


def test_i8_somebody_who_signs_in_with_another_address(company: Company, run: Run) -> None:
    EmailAddress.objects.create(user=company.member, email="old@acme.example.com", primary=True)
    assert "old@acme.example.com" in the_only(run, "I8", "user", company.member.pk)


def test_i9_a_list_that_shows_less_than_the_check_allows(
    company: Company, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check and list come from one declaration, so no row can part them: here it is the code that is broken."""
    right = policy.visible

    def wrong(actor: Actor, action: Any, rows: Any) -> Any:
        return rows.none() if rows.model is Team else right(actor, action, rows)

    monkeypatch.setattr(invariants.policy, "visible", wrong)
    lines = breaches(run)
    assert {line[:2] for line in lines} == {"I9"}
    assert any(line.startswith(f"I9 team {company.team.pk}: check and list differ") for line in lines)


def counted() -> int:
    with CaptureQueriesContext(connection) as queries:
        assert not [line for name, line in invariants.broken() if name != "I2"]
    return len(queries)


def test_it_costs_the_same_at_three_rows_and_at_thirty(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Except for the samples of I9, whose size is fixed."""
    monkeypatch.setitem(invariants.INVARIANTS, "I9", lambda: iter(()))
    few = counted()
    Key.objects.bulk_create(
        Key(
            public_id=str(uuid4()),
            token=uuid4().hex * 2,
            user=company.member,
            team=company.team,
            organization=company.organization,
            created_at=timezone.now(),
        )
        for _ in range(30)
    )
    User.objects.bulk_create(User(public_id=str(number)) for number in range(30))
    assert Change.objects.exists()
    assert counted() <= few
