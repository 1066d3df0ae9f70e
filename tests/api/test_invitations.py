"""Invitations over HTTP, and the public links behind them."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rbacadmin.logs import formatter
from rbacadmin.models import AuditEvent
from teams.models import Invitation, User
from tests.matrix.managed import changed, snapshot
from tests.world import World, invited

PASSWORD = "correct horse battery staple"


def invite(api: Any, cast: World, who: str = "team_admin", **fields: Any) -> dict[str, Any]:
    answer = api("POST", "/invitation/new", {"user_id": cast.colleague.email, **fields}, as_=who)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def claim(api: Any, link: str, user_id: str, password: str = PASSWORD) -> Any:
    body = {"invitation_link": link, "user_id": user_id, "password": password}
    return api("POST", "/onboarding/claim_token", body)


def test_a_link_is_shown_once(api: Any, cast: World) -> None:
    made = invite(api, cast)
    assert made["invitation_link"].startswith("/accounts/invitation/inv_")
    assert (made["user_id"], made["team_id"]) == (cast.colleague.email, cast.team.public_id)
    assert not made["is_accepted"]
    info = api("GET", f"/invitation/info?invitation_id={made['id']}", as_="team_admin").json()
    listed = api("GET", "/invitation/list", as_="org_admin").json()["invitations"]
    assert listed == [info] == [{name: made[name] for name in info}]
    assert "inv_" not in str(info)


def test_the_widest_scope_invites_unless_one_is_named(api: Any, cast: World) -> None:
    made = invite(api, cast, "org_admin")
    assert (made["organization_id"], made["team_id"]) == (cast.organization.public_id, None)
    assert invite(api, cast, "org_admin", team_id=cast.team.public_id)["team_id"] == cast.team.public_id
    assert invite(api, cast, "proxy_admin")["organization_id"] is None
    elsewhere = {"user_id": cast.colleague.email, "team_id": cast.there.team.public_id}
    assert api("POST", "/invitation/new", elsewhere, as_="org_admin").status_code == 404
    beside = {"user_id": cast.colleague.email, "team_id": cast.other_team.public_id}
    assert api("POST", "/invitation/new", beside, as_="org_admin").json()["error"]["param"] == "user_id"


def test_the_link_is_claimed_once(api: Any, cast: World) -> None:
    link = invite(api, cast)["invitation_link"]
    seen = api("GET", f"/onboarding/get_token?invite_link={link}").json()
    assert seen == {
        "login_url": link,
        "token": None,
        "user_id": cast.colleague.email,
        "user_email": cast.colleague.email,
    }
    weak = claim(api, link, cast.colleague.email, "short")
    assert (weak.status_code, weak.json()["error"]["param"]) == (400, "password")
    assert claim(api, link, cast.colleague.email).json()["user_id"] == cast.colleague.email
    assert User.objects.get(pk=cast.colleague.pk).check_password(PASSWORD)
    event = AuditEvent.objects.get(event="invitation.accepted")
    assert (event.actor_user_id, event.door, event.ip) == (cast.colleague.pk, "litellm", "127.0.0.1")
    assert claim(api, link, cast.colleague.email).status_code == 404
    listed = api("GET", "/invitation/list?status=accepted", as_="team_admin").json()["invitations"]
    assert [row["is_accepted"] for row in listed] == [True]


def test_dead_links_all_answer_alike(api: Any, cast: World) -> None:
    """Unknown, used, expired, revoked, and somebody else's."""
    revoked = invite(api, cast)
    assert api("DELETE", "/invitation/delete", {"invitation_id": revoked["id"]}, as_="org_admin").status_code == 200
    used = invited(cast.outsider, cast.other_team, accepted_at=timezone.now())[1]
    expired = invited(cast.outsider, cast.other_team, expires_at=timezone.now())[1]
    alive = invited(cast.outsider, cast.other_team)[1]
    before = snapshot()
    links = [revoked["invitation_link"], used, expired, "inv_" + "x" * 40, "x"]
    seen = {api("GET", f"/onboarding/get_token?invite_link={link}").content for link in links}
    tried = [claim(api, link, cast.outsider.email) for link in links]
    tried.append(claim(api, alive, cast.member.email))
    assert {answer.status_code for answer in tried} == {404}
    assert len(seen | {answer.content for answer in tried}) == 1
    assert not changed(before, snapshot())


def test_an_invitation_is_not_accepted_by_whoever_manages_it(api: Any, cast: World) -> None:
    made = invite(api, cast)
    body = {"invitation_id": made["id"], "is_accepted": True}
    answer = api("POST", "/invitation/update", body, as_="team_admin")
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "is_accepted")
    same = api("PATCH", "/invitation/update", {**body, "is_accepted": False, "duration": "1h"}, as_="team_admin").json()
    assert same["expires_at"] < made["expires_at"]
    longer = api("POST", "/invitation/update", {"invitation_id": made["id"], "duration": "8d"}, as_="team_admin")
    assert (longer.status_code, longer.json()["error"]["param"]) == (400, "duration")
    for name, status in (("auditor", 403), ("member", 404), ("stranger", 404)):
        assert api("POST", "/invitation/update", {"invitation_id": made["id"]}, as_=name).status_code == status


def test_the_invited_person_sees_their_own(api: Any, cast: World) -> None:
    made = invite(api, cast)
    assert api("GET", f"/invitation/info?invitation_id={made['id']}", as_="colleague").json()["id"] == made["id"]
    body = {"invitation_id": made["id"]}
    assert api("DELETE", "/invitation/delete", body, as_="colleague").status_code == 403
    assert Invitation.objects.count() == 1


def test_the_list_is_cut_and_filtered(api: Any, cast: World) -> None:
    for user in (cast.member, cast.colleague, cast.team_admin):
        invited(user, cast.team)
    invited(cast.outsider, cast.other_team, expires_at=timezone.now())
    page = api(
        "GET", f"/invitation/list?organization_id={cast.organization.public_id}&page_size=3", as_="org_admin"
    ).json()
    assert (page["total"], page["total_pages"], len(page["invitations"])) == (4, 2, 3)
    one = api("GET", f"/invitation/list?user_id={cast.member.email}", as_="team_admin").json()["invitations"]
    assert [row["user_id"] for row in one] == [cast.member.email]
    for status, count in (("pending", 3), ("expired", 1), ("accepted", 0)):
        assert api("GET", f"/invitation/list?status={status}", as_="org_admin").json()["total"] == count


def test_guessing_is_slowed_down(api: Any, cast: World) -> None:
    answers = [api("GET", "/onboarding/get_token?invite_link=x") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [404] * 30 + [429]
    assert int(answers[-1]["Retry-After"]) <= 60
    link = invite(api, cast)["invitation_link"]
    page = Client().get(link)
    assert (page.status_code, "Retry-After" in page) == (429, True)


def test_no_log_holds_a_link(api: Any, cast: World, caplog: pytest.LogCaptureFixture) -> None:
    link = invite(api, cast)["invitation_link"]
    secret = link.strip("/").split("/")[-1]
    client = Client()
    assert client.post(link, {"password1": "short", "password2": "short"}).status_code == 422
    claim(api, link, cast.member.email)
    lines = "\n".join(formatter().format(record) for record in caplog.records)
    assert "/accounts/invitation/[secret]/" in lines
    assert secret not in lines
