"""The page behind an invitation's link, without a browser."""

import re

import pytest
from django.test import Client

from rbacadmin.models import AuditEvent
from teams.models import User
from tests.matrix.managed import changed, snapshot
from tests.world import World, invited

PASSWORD = "correct horse battery staple"
TWICE = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def link(cast: World) -> str:
    return f"/accounts/invitation/{invited(cast.colleague, cast.team)[1]}/"


def test_looking_spends_nothing(cast: World, link: str) -> None:
    before = snapshot()
    for _ in range(3):
        answer = Client().get(link)
        assert answer.status_code == 200
        assert cast.colleague.email in answer.content.decode()
    assert not changed(before, snapshot())
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "'unsafe" not in answer["Content-Security-Policy"]


def test_choosing_a_password_signs_in_once(cast: World, link: str) -> None:
    client = Client()
    answer = client.post(link, TWICE)
    assert (answer.status_code, answer["Location"]) == (302, "/ui/")
    assert client.session["_auth_user_id"] == str(cast.colleague.pk)
    events = set(AuditEvent.objects.values_list("event", "door"))
    assert events == {("invitation.accepted", "dashboard"), ("session.started", "dashboard")}
    again = Client()
    assert again.post(link, TWICE).status_code == 410
    assert "_auth_user_id" not in again.session


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password1": PASSWORD, "password2": "x"}, "not the same"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "password1234", "password2": "password1234"}, "too common"),
        ({}, "required"),
    ],
)
def test_what_is_no_good_password_is_told_in_the_form(cast: World, link: str, fields: dict, said: str) -> None:
    before = snapshot()
    answer = Client().post(link, fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "short" not in answer.content.decode().replace("too short", "")
    assert not changed(before, snapshot())


def test_a_forged_form_sets_nothing(cast: World, link: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(link, TWICE)
    assert answer.status_code == 403
    assert not User.objects.get(pk=cast.colleague.pk).has_usable_password()


def test_pages_of_dead_links_are_alike(cast: World, link: str) -> None:
    Client().post(link, TWICE)
    paths = (link, "/accounts/invitation/x/", "/accounts/invitation/inv_y/")
    pages = {re.sub(r'"x-csrftoken": "\w+"', "", Client().get(path).content.decode()) for path in paths}
    assert len(pages) == 1
