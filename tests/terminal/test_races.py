"""Two at a time at one terminal's sign-in. These tests commit: none of them may use the cast."""

from functools import partial
from typing import Any

import pytest

from keys.models import Key
from keys.terminals import Waiting, answer_terminal, begin, collect
from rbacadmin.policy import Actor, Origin
from teams.services import revoke_sessions
from tests.factories import UserFactory
from tests.services.test_races import ROUNDS, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_looks_at_once_get_one_key() -> None:
    for _ in range(ROUNDS):
        person = UserFactory()
        waiting, secret = begin("laptop", None)
        answer_terminal(Actor.for_user(person), person, code=str(waiting.user_code), approve=True)
        results = together(*[partial(collect, secret, Origin())] * 2)
        errors = [one for one in results if isinstance(one, Exception)]
        assert len(errors) == 1
        assert isinstance(errors[0], Waiting)
        assert Key.objects.filter(user=person, kind="terminal").count() == 1


def test_who_is_signed_out_everywhere_while_a_terminal_looks_is_out_or_gets_no_key() -> None:
    admin: Any = Actor.master()
    for _ in range(ROUNDS):
        person = UserFactory()
        waiting, secret = begin("laptop", None)
        answer_terminal(Actor.for_user(person), person, code=str(waiting.user_code), approve=True)
        results = together(partial(collect, secret, Origin()), partial(revoke_sessions, admin, person))
        assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, Waiting)]
        assert not Key.objects.filter(user=person, kind="terminal").exists()


def test_two_answers_at_once_let_one_in() -> None:
    for _ in range(ROUNDS):
        one, other = UserFactory(), UserFactory()
        waiting, secret = begin("laptop", None)
        code = str(waiting.user_code)
        jobs = [partial(answer_terminal, Actor.for_user(who), who, code=code, approve=True) for who in (one, other)]
        errors = [result for result in together(*jobs) if isinstance(result, Exception)]
        assert len(errors) == 1
        key, _ = collect(secret, Origin())
        assert key.user in (one, other)
