"""The other commands: explain, show_config, run_maintenance, sign_in_link and bootstrap."""

import fcntl
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from keys.models import Key
from orgs.models import Organization, Project
from rbacadmin import in_force
from rbacadmin.conf import Conf
from rbacadmin.management.commands import bootstrap as first_start
from rbacadmin.management.commands import sign_in_link
from rbacadmin.models import Archived, AuditEvent
from rbacadmin.policy import INITIAL_ORGANIZATION, Actor
from teams.models import Membership, User
from teams.services import change_member
from tests.commands.conftest import Company
from tests.factories import KeyFactory

Run = Callable[..., str]


def test_explain_says_yes_and_why(company: Company, run: Run) -> None:
    output = run("explain", "ada@acme.example.com", "manage_members", "team", "CORE")
    assert f"because: role admin on team {company.team.pk}" in output


def test_explain_says_no_and_who_could(company: Company, run: Run) -> None:
    output = run("explain", "bob@acme.example.com", "manage_members", "team", str(company.team.pk))
    assert "because" not in output
    assert "could: " in output
    decision = json.loads(run("explain", "bob@acme.example.com", "manage_members", "team", "core", "--json"))
    assert decision["allowed"] is False


def test_explain_answers_for_the_platform_too(company: Company, run: Run) -> None:
    assert "because: platform" in run("explain", "admin@example.com", "change_settings")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ghost@example.com", "view_keys"), "No user 'ghost@example.com'."),
        (("bob@acme.example.com", "view_keys", "team", "nowhere"), "No team 'nowhere'."),
        (("bob@acme.example.com", "fly"), "invalid choice: 'fly'"),
        (("bob@acme.example.com", "view_keys", "rocket", "1"), "invalid choice: 'rocket'"),
    ],
)
def test_explain_names_what_it_does_not_know(
    company: Company, run: Run, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run("explain", *arguments)


def test_show_config_masks_secrets_and_names_sources(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    shouted = {
        "DATABASE_URL": "postgres://me:hunter2@host/db",
        "REDIS_URL": "redis://:hunter2@host",
        "RBACADMIN_MASTER_KEY": "sk-hunter2-hunter2-hunter2",
        "RBACADMIN_EMAIL_URL": "smtp://me:hunter2@host:25",
        "RBACADMIN_KEY_PEPPER": "hunter2-pepper",
        "RBACADMIN_VAR_DIR": str(tmp_path),
        "PORT": "9000",
    }
    for name, value in shouted.items():
        monkeypatch.setenv(name, value)
    loaded = Conf().with_secrets()
    monkeypatch.setattr(in_force, "conf", loaded)
    output, rows = run("show_config"), {row["name"]: row for row in json.loads(run("show_config", "--json"))}
    assert "hunter2" not in output + json.dumps(rows)
    assert loaded.secret_key not in output
    assert loaded.credential_key not in output
    assert (rows["PORT"]["value"], rows["PORT"]["source"]) == (9000, "environment: PORT")
    assert rows["RBACADMIN_MASTER_KEY"]["value"] == "set"
    assert rows["RBACADMIN_KEY_PEPPER"]["source"] == "environment: RBACADMIN_KEY_PEPPER"
    assert rows["RBACADMIN_SECRET_KEY"]["source"] == f"file: {tmp_path / 'secrets.json'}"
    assert rows["RBACADMIN_LOG_LEVEL"]["source"] == "default"
    assert len(rows) == len(Conf.model_fields)


def test_maintenance_ends_expired_memberships_with_their_keys(company: Company, run: Run) -> None:
    change_member(Actor.master(), company.membership, expires_at=timezone.now() + timedelta(hours=1))
    assert "memberships ended: 0" in run("run_maintenance")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert "memberships ended: 1" in run("run_maintenance")
        assert "memberships ended: 0" in run("run_maintenance")
    assert not Membership.objects.filter(pk=company.membership.pk).exists()
    assert not Key.objects.filter(pk=company.key.pk).exists()
    assert Archived.objects.get(kind="key").object_id == str(company.key.pk)
    (removed,) = AuditEvent.objects.filter(event="member.removed")
    assert (removed.door, removed.object_id) == ("maintenance", str(company.membership.pk))
    assert AuditEvent.objects.get(event="key.deleted").details["because"] == "left the team"
    assert "hold" in run("verify")


def test_maintenance_that_ends_a_stay_in_an_organization_ends_it_in_its_teams(company: Company, run: Run) -> None:
    outer = Membership.objects.get(user=company.member, team=None, project=None)
    change_member(Actor.master(), outer, expires_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        run("run_maintenance")
    assert not Membership.objects.filter(user=company.member).exists()
    assert not Key.objects.filter(pk=company.key.pk).exists()
    assert "hold" in run("verify")


def test_maintenance_forgets_rotated_secrets_after_their_grace_period(company: Company, run: Run) -> None:
    now = timezone.now()
    Key.objects.filter(pk=company.key.pk).update(previous_token="a" * 64, previous_until=now + timedelta(hours=1))
    assert "rotated secrets forgotten: 0" in run("run_maintenance")
    with time_machine.travel(now + timedelta(hours=2)):
        assert "rotated secrets forgotten: 1" in run("run_maintenance")
        assert "rotated secrets forgotten: 0" in run("run_maintenance")
    key = Key.objects.get(pk=company.key.pk)
    assert (key.previous_token, key.previous_until) == (None, None)


def test_a_sign_in_link_signs_in_once_and_is_on_record(company: Company, run: Run) -> None:
    url = run("sign_in_link", "ADA@acme.example.com", "--url", "https://access.example.com").strip()
    assert url.startswith("https://access.example.com/accounts/link/")
    path = url.removeprefix("https://access.example.com")
    client = Client()
    assert client.post(path).status_code == 302
    assert client.get("/ui/").status_code == 200
    second = Client()
    second.post(path)
    assert "_auth_user_id" not in second.session
    event = AuditEvent.objects.get(event="user.sign_in_link_issued")
    assert event.object_id == str(company.admin.pk)
    assert path not in str(event.details)
    assert "hold" in run("verify")


def test_a_sign_in_link_leads_where_people_reach_the_server(
    company: Company, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_link, "conf", Conf(public_url="https://access.example.com/"))
    assert run("sign_in_link", "ada@acme.example.com").startswith("https://access.example.com/accounts/link/")


def test_a_sign_in_link_leads_to_the_server_that_runs_here(
    company: Company, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here, link = Conf(var_dir=tmp_path), ("sign_in_link", "ada@acme.example.com")
    here.__pydantic_fields_set__.discard("port")
    monkeypatch.setattr(sign_in_link, "conf", here)
    said = tmp_path / "serving"
    said.write_text("https://127.0.0.1:4321")
    assert run(*link).startswith(f"{here.base_url}/accounts/link/"), "it was left behind"
    with said.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert run(*link).startswith("https://127.0.0.1:4321/accounts/link/")
        here.__pydantic_fields_set__.add("port")
        assert run(*link).startswith(f"{here.base_url}/accounts/link/"), "PORT was named"


def test_there_is_no_sign_in_link_for_whom_is_unknown_or_blocked(company: Company, run: Run) -> None:
    User.objects.filter(pk=company.member.pk).update(blocked_by="platform")
    for email in ("ghost@example.com", "bob@acme.example.com"):
        with pytest.raises(CommandError, match="may sign in"):
            run("sign_in_link", email)


def test_the_first_start_makes_what_is_needed_and_the_second_nothing(empty: None, run: Run) -> None:
    output = run("bootstrap", "--url", "http://127.0.0.1:8123")
    assert "Sign in once as admin@example.com" in output
    assert "  http://127.0.0.1:8123/accounts/link/" in output
    administrator = User.objects.get()
    assert (administrator.platform_role, administrator.is_superuser) == ("proxy_admin", True)
    assert Organization.objects.get().pk == INITIAL_ORGANIZATION
    assert Project.objects.get().is_default
    assert Membership.objects.get().role == "org_admin"
    events = AuditEvent.objects.count()
    assert "accounts/link" in run("bootstrap"), "until they have signed in"
    assert AuditEvent.objects.count() == events
    User.objects.update(last_login=timezone.now())
    assert run("bootstrap") == ""
    assert "hold" in run("verify")


def test_no_second_administrator_is_made_while_one_is_active(
    empty: None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("bootstrap")
    monkeypatch.setattr(first_start, "conf", Conf(admin_email="other@example.com"))
    assert "Sign in once as admin@example.com" in run("bootstrap")
    assert User.objects.count() == 1


def test_a_start_promotes_nobody_and_names_the_setting(empty: None, run: Run) -> None:
    run("bootstrap")
    User.objects.update(platform_role="internal_user")
    with pytest.raises(CommandError, match="RBACADMIN_ADMIN_EMAIL"):
        run("bootstrap")
    assert not User.objects.filter(platform_role="proxy_admin").exists()


def test_when_the_administrator_is_gone_another_address_makes_a_second(
    empty: None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("bootstrap")
    User.objects.update(blocked_by="platform")
    monkeypatch.setattr(first_start, "conf", Conf(admin_email="second@example.com"))
    assert "Sign in once as second@example.com" in run("bootstrap")
    assert Organization.objects.count() == 1
    assert "hold" in run("verify")


def test_a_sample_key_in_production_stops_the_start_and_names_the_setting(
    empty: None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = Conf(production=True, master_key="sk-1234", allowed_hosts=["access.example.com"])
    monkeypatch.setattr(first_start, "conf", strict)
    with pytest.raises(SystemExit, match="RBACADMIN_MASTER_KEY"):
        run("bootstrap")
    assert not User.objects.exists()


def test_a_sample_key_on_this_machine_only_warns(empty: None, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_start, "conf", Conf(master_key="sk-1234"))
    assert "RBACADMIN_MASTER_KEY" in run("bootstrap")
    assert User.objects.count() == 1


def test_the_generated_pages_say_what_the_code_says(run: Run) -> None:
    run("write_docs", "--check")


def test_explain_says_which_level_refuses_a_key_a_model(company: Company, run: Run) -> None:
    key = KeyFactory(team=company.team, organization=company.team.organization)
    said = run("explain", "bob@acme.example.com", "call_models", "key", str(key.pk), "--model", "nobody's")
    assert f"refused by: organization {company.organization.pk}, 403 org_model_access_denied" in said
