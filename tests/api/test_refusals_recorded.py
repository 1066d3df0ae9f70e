"""Rulebook 26: every refused write leaves an audit row, whoever noticed it first."""

from typing import Any

from rbacadmin.models import AuditEvent
from rbacadmin.policy import Action
from tests.factories import KeyFactory


def test_a_member_that_the_caller_does_not_see_is_recorded_and_an_unknown_one_is_not(api: Any, cast: Any) -> None:
    """A key of one action manages members and sees none but its owner."""
    blind = KeyFactory(user=cast.org_admin, actions=[Action.MANAGE_MEMBERS.value])
    body = {"organization_id": cast.organization.public_id, "user_id": cast.reader.email}
    known = api("POST", "/organization/member_delete", body, token=blind.secret)
    event = AuditEvent.objects.get()
    assert (known.status_code, event.event, event.status) == (404, "member.manage", 404)
    assert (event.organization_id, event.outcome) == (cast.organization.pk, "refused")
    unknown = api("POST", "/organization/member_delete", {**body, "user_id": "nobody@example.com"}, token=blind.secret)
    assert unknown.status_code == 404
    assert known.content.replace(cast.reader.email.encode(), b"") == unknown.content.replace(b"nobody@example.com", b"")
    assert AuditEvent.objects.count() == 1


def test_in_a_team_too(api: Any, cast: Any) -> None:
    """Where LiteLLM says 400."""
    blind = KeyFactory(user=cast.org_admin, actions=[Action.MANAGE_MEMBERS.value])
    body = {"team_id": cast.team.public_id, "user_id": cast.member.email}
    assert api("POST", "/team/member_update", {**body, "role": "admin"}, token=blind.secret).status_code == 400
    assert AuditEvent.objects.get().outcome == "refused"


def test_a_duplicate_that_answers_409_is_on_record(api: Any, cast: Any) -> None:
    answer = api("POST", "/user/new", {"user_email": cast.reader.email}, as_="proxy_admin")
    event = AuditEvent.objects.get()
    assert (answer.status_code, event.status, event.outcome, event.event) == (409, 409, "refused", "user.create")
    assert event.details["code"] == "duplicate"


def test_a_duplicate_that_is_a_broken_rule_is_none(api: Any, cast: Any) -> None:
    body = {"team_alias": cast.team.alias, "organization_id": cast.organization.public_id}
    assert api("POST", "/team/new", body, as_="org_admin").status_code == 400
    assert not AuditEvent.objects.exists()
