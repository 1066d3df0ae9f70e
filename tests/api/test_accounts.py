"""Changing, blocking and deleting people as LiteLLM's clients do it, and what they are told when they may not."""

from typing import Any

import pytest

from api.litellm.routes import ROUTES
from rbacadmin.models import AuditEvent
from teams.models import Membership, User
from tests.api.test_shapes import PERSONAL
from tests.factories import UserFactory, service_key
from tests.matrix.managed import changed, snapshot
from tests.test_queries import counted, grow
from tests.world import World

PASSWORD, NEW = "correct horse battery staple", "another horse, another staple"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def refused(run: Any, status: int, *words: str) -> Any:
    """The answer of a refused request, which changed nothing."""
    before = snapshot()
    answer = run()
    assert answer.status_code == status, answer.content
    assert not changed(before, snapshot())
    assert all(word in answer.content.decode() for word in words), answer.content
    return answer.json()


def test_what_is_left_out_is_kept_and_null_clears(api: Any, cast: World) -> None:
    User.objects.filter(pk=cast.member.pk).update(name="Mia", max_budget=5, rpm_limit=7, budget_duration="30d")
    body = {"user_id": cast.member.email, "max_budget": None, "budget_duration": None}
    answer = api("PATCH", "/user/update", body, as_="proxy_admin").json()
    assert answer["user_id"] == cast.member.email
    row = answer["data"]
    assert (row["max_budget"], row["budget_duration"], row["rpm_limit"], row["user_alias"]) == (None, None, 7, "Mia")


def test_a_person_is_named_by_id_or_by_address(api: Any, cast: World) -> None:
    robot = UserFactory(email="robot@example.com", public_id="robot-7")
    for body in (
        {"user_id": "robot-7"},
        {"user_email": "ROBOT@example.com"},
        {"user_id": str(robot.pk)},
        {"user_id": "robot-7", "user_email": "robot@example.com"},
    ):
        answer = api("POST", "/user/update", {**body, "user_alias": str(body)}, as_="proxy_admin")
        assert answer.status_code == 200, answer.content
        assert (answer.json()["user_id"], answer.json()["data"]["user_email"]) == ("robot-7", "robot@example.com")
    refused(lambda: api("POST", "/user/update", {"user_alias": "x"}, as_="proxy_admin"), 400, "user_id")


def test_nobody_unknown_is_made_by_an_update(api: Any, cast: World) -> None:
    """Unlike in LiteLLM, where a typing error makes a user."""
    for ident in ("nobody", "nobody@example.com"):
        refused(lambda i=ident: api("POST", "/user/update", {"user_id": i, "max_budget": 1}, as_="proxy_admin"), 404)


def test_a_service_account_is_nobody(api: Any, cast: World) -> None:
    account = service_key(team=cast.team).user
    assert account is not None
    ident = str(account.pk)
    for path, body in (
        ("/user/update", {"user_id": ident, "user_alias": "x"}),
        ("/user/block", {"user_ids": [ident]}),
        ("/user/unblock", {"user_ids": [ident]}),
        ("/user/delete", {"user_ids": [cast.member.email, ident]}),
        ("/user/sessions/revoke", {"user_id": ident}),
        ("/user/password/reset", {"user_id": ident}),
    ):
        refused(lambda p=path, b=body: api("POST", p, b, as_="proxy_admin"), 404)


def test_spend_is_never_written(api: Any, cast: World) -> None:
    body = {"user_id": cast.member.email, "max_budget": 3}
    refused(lambda: api("POST", "/user/update", {**body, "spend": 1}, as_="proxy_admin"), 400, "spend", "measured")
    whole = api("GET", f"/v2/user/info?user_id={cast.member.email}", as_="proxy_admin").json()
    assert whole["spend"] == 0
    answer = api("POST", "/user/update", {**whole, "user_alias": "Mia"}, as_="proxy_admin")
    assert answer.json()["data"]["user_alias"] == "Mia", "a whole row that is sent back asks for nothing else"


def test_an_administrator_sets_no_password(api: Any, cast: World) -> None:
    """USR-10."""
    body = {"user_id": cast.member.email, "password": NEW}
    refused(lambda: api("POST", "/user/update", body, as_="proxy_admin"), 400, '"param":"password"', "trigger a reset")


def test_the_current_password_is_asked_for_and_guessing_ends(api: Any, cast: World) -> None:
    with_password(cast.member)
    body = {"user_id": cast.member.email, "user_email": "x@example.com"}

    def ask(**more: str) -> Any:
        return api("POST", "/user/update", {**body, **more}, as_="member")

    refused(ask, 400, '"param":"current_password"')
    for number in range(10):
        refused(lambda n=number: ask(current_password=f"guess {n}"), 400, '"param":"current_password"')
    assert AuditEvent.objects.filter(event="user.update", outcome="refused", status=400).count() == 10
    refused(lambda: ask(current_password=PASSWORD), 429, "rate_limit_error")
    assert ask(current_password=PASSWORD)["Retry-After"] == "3600"


def test_ones_own_password(api: Any, cast: World) -> None:
    with_password(cast.member)
    (path,) = PERSONAL
    answer = api("POST", path, {"current_password": PASSWORD, "new_password": NEW}, as_="member")
    assert answer.status_code == 200, answer.content
    next(route for route in ROUTES if route.path == path).response.model_validate(answer.json())
    body = {"current_password": PASSWORD, "new_password": NEW}
    refused(lambda: api("POST", path, body, as_="member"), 400, "current_password")
    easy = {"current_password": NEW, "new_password": "short"}
    refused(lambda: api("POST", path, easy, as_="member"), 400, '"param":"new_password"', "too short")
    refused(lambda: api("POST", path, body, token=cast.here.keys["team_service"].secret), 400)


def test_an_address_that_is_taken_is_a_409(api: Any, cast: World) -> None:
    """As in /user/new."""
    body = {"user_id": cast.member.email, "user_email": cast.loner.email}
    refused(lambda: api("POST", "/user/update", body, as_="proxy_admin"), 409, '"param":"user_email"')


def test_the_last_admin_stays_over_the_api(api: Any, cast: World) -> None:
    """Rulebook 10: 409 with a word for machines, and the refusal on record."""
    root = cast.proxy_admin.email
    for path, body in (
        ("/user/update", {"user_id": root, "user_role": "internal_user", "user_alias": "x"}),
        ("/user/block", {"user_ids": [cast.member.email, root]}),
        ("/user/delete", {"user_ids": [cast.member.email, root]}),
    ):
        refused(lambda p=path, b=body: api("POST", p, b, as_="proxy_admin"), 409, '"reason":"last_admin"')
    assert AuditEvent.objects.filter(outcome="refused", status=409).count() == 3


def test_all_of_a_list_or_none(api: Any, cast: World) -> None:
    """USR-11, USR-12: an unknown name is 404, and an empty list does not fit."""
    for path in ("/user/block", "/user/unblock", "/user/delete"):
        people = {"user_ids": [cast.member.email, "nobody@example.com"]}
        refused(lambda p=path, b=people: api("POST", p, b, as_="proxy_admin"), 404)
        refused(lambda p=path: api("POST", p, {"user_ids": []}, as_="proxy_admin"), 422)
    twice = {"user_ids": [cast.member.email, cast.member.email.upper(), cast.loner.email]}
    assert api("DELETE", "/user/delete", twice, as_="proxy_admin").json() == 2


def test_whoever_is_blocked_calls_nothing_and_is_found(api: Any, cast: World) -> None:
    api("POST", "/user/block", {"user_ids": [cast.member.email]}, as_="proxy_admin")
    assert api("GET", "/user/info", as_="member").status_code == 401

    def listed(query: str) -> set[str]:
        rows = api("GET", f"/user/list?page_size=100{query}", as_="proxy_admin").json()["users"]
        return {row["user_id"] for row in rows}

    assert listed("&blocked=true") == {cast.member.email}
    assert listed("&blocked=false") == listed("") - {cast.member.email}
    api("POST", "/user/unblock", {"user_ids": [cast.member.email]}, as_="proxy_admin")
    assert api("GET", "/user/info", as_="member").status_code == 200


def test_in_bulk_each_stands_alone(api: Any, cast: World) -> None:
    """Item by item: what is refused is told and on record, the rest is done."""
    users = [
        {"user_id": cast.member.email, "max_budget": 7},
        {"user_id": "nobody", "max_budget": 7},
        {"user_id": cast.proxy_admin.email, "user_role": "internal_user"},
        {"user_email": cast.loner.email, "user_role": "boss"},
        {"max_budget": 7},
        {"user_email": cast.viewer.email, "user_role": "internal_user"},
    ]
    answer = api("POST", "/user/bulk_update", {"users": users}, as_="proxy_admin")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["total_requested"], body["successful_updates"], body["failed_updates"]) == (6, 2, 4)
    assert [row["success"] for row in body["results"]] == [True, False, False, False, False, True]
    assert body["results"][0]["updated_user"]["max_budget"] == 7
    assert "another one first" in body["results"][2]["error"]
    assert User.objects.get(pk=cast.proxy_admin.pk).platform_role == "proxy_admin"
    assert AuditEvent.objects.filter(event="user.updated").count() == 2
    assert AuditEvent.objects.filter(outcome="refused").count() == 1


@pytest.mark.parametrize("name", ["org_admin", "auditor", "member"])
def test_in_bulk_nobody_may_more_than_alone(api: Any, cast: World, name: str) -> None:
    users = [{"user_id": cast.colleague.email, "max_budget": 7}, {"user_id": cast.there.member.email, "max_budget": 7}]
    refused(lambda: api("POST", "/user/bulk_update", {"users": users}, as_=name), 200, '"failed_updates":2')
    everybody = {"all_users": True, "user_updates": {"max_budget": 7}}
    refused(lambda: api("POST", "/user/bulk_update", everybody, as_=name), 403)


def test_everybody_is_changed_alike_when_they_are_few_enough(
    api: Any, cast: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.litellm.users import changing

    everybody = {"all_users": True, "user_updates": {"max_budget": 7}}
    people = User.objects.filter(kind="person")
    assert api("POST", "/user/bulk_update", everybody, as_="proxy_admin").json()["failed_updates"] == 0
    assert set(people.values_list("max_budget", flat=True)) == {7 * 10**9}
    monkeypatch.setattr(changing, "AT_ONCE", people.count() - 1)
    refused(lambda: api("POST", "/user/bulk_update", everybody, as_="proxy_admin"), 400, "all_users")
    for body in ({}, {"all_users": True}, {"users": [], **everybody}, {"users": [{}] * 501}):
        refused(
            lambda b=body: api("POST", "/user/bulk_update", b, as_="proxy_admin"),
            422 if "users" in body and len(body["users"]) > 500 else 400,
        )


def test_more_budget_for_a_while_needs_an_end(api: Any, cast: World) -> None:
    """For people, and for members of a team."""
    until = "2030-01-01T00:00:00+00:00"
    more = {"temp_budget_increase": 5, "temp_budget_expiry": until}
    person = {"user_id": cast.member.email}
    refused(
        lambda: api("POST", "/user/update", {**person, "temp_budget_increase": 5}, as_="proxy_admin"),
        400,
        '"param":"temp_budget_expiry"',
    )
    row = api("POST", "/user/update", {**person, **more}, as_="proxy_admin").json()["data"]
    assert (row["temp_budget_increase"], row["temp_budget_expiry"]) == (5, "2030-01-01T00:00:00.000000Z")
    refused(lambda: api("POST", "/user/update", {**person, "temp_budget_expiry": "soon"}, as_="proxy_admin"), 422)
    place = {"team_id": cast.team.public_id, **person}
    row = api("POST", "/team/member_update", {**place, **more}, as_="team_admin").json()
    assert (row["temp_budget_increase"], row["temp_budget_expiry"]) == (5, "2030-01-01T00:00:00.000000Z")
    assert Membership.objects.get(user=cast.member, team=cast.team).temp_budget_increase == 5 * 10**9


def test_a_flat_row_shows_what_the_caller_may_see(api: Any, cast: World) -> None:
    whole = api("GET", "/v2/user/info", as_="member").json()
    assert (whole["user_id"], whole["teams"]) == (cast.member.email, [cast.team.public_id])
    assert {"max_budget", "spend", "blocked"} <= set(whole)
    part = api("GET", f"/v2/user/info?user_id={cast.member.email}", as_="team_admin").json()
    assert part["teams"] == [cast.team.public_id]
    assert not {"max_budget", "spend", "temp_budget_increase"} & set(part)
    assert api("GET", f"/v2/user/info?user_id={cast.member.email}", as_="stranger").status_code == 404


def test_people_are_found_by_parts(api: Any, cast: World) -> None:
    found = api("GET", "/user/filter/ui?user_email=TEAM-ADMIN@", as_="org_admin").json()
    assert {row["user_id"] for row in found} == {cast.team_admin.email, cast.here.people["second_team_admin"].email}
    seen = {
        name: str(api("GET", "/user/filter/ui?page_size=100", as_=name).json()) for name in ("org_admin", "proxy_admin")
    }
    assert "globex" in seen["proxy_admin"]
    assert "globex" not in seen["org_admin"]
    assert api("GET", "/user/filter/ui", as_="member").status_code == 403


def test_the_platform_roles_are_for_everybody_to_read(api: Any, cast: World) -> None:
    roles = api("GET", "/user/available_roles", as_="member").json()
    assert list(roles) == ["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]
    assert roles["proxy_admin"]["ui_label"] == "Platform admin"


def test_what_these_cost_does_not_grow(api: Any, cast: World) -> None:
    paths = ("/user/filter/ui?page_size=100", "/user/list?page_size=100&blocked=false", "/v2/user/info")
    api("GET", "/v2/user/info", as_="org_admin")
    before = [counted(lambda p=path: api("GET", p, as_="org_admin")) for path in paths]
    grow(cast)
    assert [counted(lambda p=path: api("GET", p, as_="org_admin")) for path in paths] == before
