"""The settings on screen."""

from collections.abc import Callable

from django.test import Client

from rbacadmin import runtime
from rbacadmin.models import AuditEvent
from tests.world import World

Browser = Callable[[str], Client]


def test_the_auditor_reads_and_changes_nothing(cast: World, browser_of: Browser) -> None:
    browser = browser_of("auditor")
    page = browser.get("/ui/settings/").content.decode()
    assert "RBACADMIN_SECRET_KEY" in page
    assert "Run all" not in page
    assert browser.post("/ui/settings/update/", {"add_creator_to_teams": "on"}).status_code == 403
    assert browser.post("/ui/settings/jobs/", {"job": ""}).status_code == 403
    assert runtime.value("add_creator_to_teams") is False


def test_others_have_no_such_page_nor_a_way_to_it(cast: World, browser_of: Browser) -> None:
    assert browser_of("org_admin").get("/ui/settings/").status_code == 403
    assert "/ui/settings/" not in browser_of("org_admin").get("/ui/").content.decode()
    assert "/ui/settings/" in browser_of("proxy_admin").get("/ui/").content.decode()


def test_a_change_is_saved_and_a_wrong_one_is_said_next_to_the_field(cast: World, browser_of: Browser) -> None:
    browser = browser_of("proxy_admin")
    sent = {"available_teams": f"{cast.team.public_id}\nother", "team_admin_editable_team_fields": "on"}
    assert browser.post("/ui/settings/update/", sent).status_code == 302
    assert runtime.value("available_teams") == [cast.team.public_id, "other"]
    assert runtime.value("team_admin_editable_team_fields") == ["raise_max_budget"]
    for text in ("{", '{"role_mappings": [{"role": "x*", "internal_role": "proxy_admin"}], "roles_jwt_field": "r"}'):
        answer = browser.post("/ui/settings/jwt/", {"jwt": text})
        assert answer.status_code == 422
        assert "jwt" in answer.context["jwt_form"].errors
    assert runtime.value("jwt")["role_mappings"] == []


def test_jobs_run(cast: World, browser_of: Browser) -> None:
    assert browser_of("proxy_admin").post("/ui/settings/jobs/", {"job": "sessions cleared"}).status_code == 302
    assert AuditEvent.objects.filter(event="job.ran").exists()
