"""Many at a time, through the real server on PostgreSQL: 64 threads, a pool of connections, one truth afterwards."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from tests.support.server import Server, serving

pytestmark = pytest.mark.postgres

ROUNDS = 5
GONE = (401, 403, 404)  # what somebody hears whose place or key has just been taken away


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for this file: every test makes what it needs under names of its own."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@dataclass(frozen=True)
class Place:
    """An organization with a team."""

    organization: str
    team: str


@pytest.fixture
def place(server: Server) -> Callable[[], Place]:
    def make() -> Place:
        organization = done(server.ask("POST", "/organization/new", {"organization_alias": uuid4().hex}))
        ident = organization["organization_id"]
        team = done(server.ask("POST", "/team/new", {"team_alias": uuid4().hex, "organization_id": ident}))
        return Place(ident, team["team_id"])

    return make


@pytest.fixture
def person(server: Server) -> Callable[..., tuple[str, str]]:
    """`person(team, "admin")`: the id of somebody new in the team, and their key."""

    def make(team: str, role: str) -> tuple[str, str]:
        joined = [{"team_id": team, "user_role": role}]
        made = done(server.ask("POST", "/user/new", {"user_email": f"{uuid4().hex}@example.com", "teams": joined}))
        return made["user_id"], made["key"]

    return make


def done(answer: tuple[int, Any]) -> Any:
    assert answer[0] == 200, answer
    return answer[1]


def together(*jobs: Callable[[], tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The answers to requests that are all on their way before the first is answered; none is a 500."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        barrier.wait(30)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        answers = list(pool.map(run, jobs))
    assert all(status < 500 for status, _ in answers), answers
    return answers


def statuses(answers: list[tuple[int, Any]]) -> Counter[int]:
    return Counter(status for status, _ in answers)


def test_twenty_regenerations_leave_one_live_secret(server: Server, place: Any, person: Any) -> None:
    _, first = person(place().team, "user")
    token = done(server.ask("GET", "/key/info", key=first))["info"]["token"]
    answers = together(*[partial(server.ask, "POST", "/key/regenerate", {"key": token}) for _ in range(20)])
    made = [answer["key"] for status, answer in answers if status == 200]
    assert set(statuses(answers)) <= {200, 404}  # a hash that another regeneration has replaced names nothing
    assert len(set(made)) == len(made) >= 1
    live = [secret for secret in [first, *made] if server.ask("GET", "/key/info", key=secret)[0] == 200]
    assert len(live) == 1
    assert live[0] in made


def test_two_admins_who_remove_each_other_leave_one(server: Server, place: Any, person: Any) -> None:
    """Rulebook 10."""
    for _ in range(ROUNDS):
        team = place().team
        (one, key_of_one), (other, key_of_other) = person(team, "admin"), person(team, "admin")
        person(team, "user")
        answers = together(
            partial(server.ask, "POST", "/team/member_delete", {"team_id": team, "user_id": other}, key=key_of_one),
            partial(server.ask, "POST", "/team/member_delete", {"team_id": team, "user_id": one}, key=key_of_other),
        )
        assert statuses(answers)[200] == 1, answers
        shown = done(server.ask("GET", f"/team/info?team_id={team}"))["team_info"]["members_with_roles"]
        assert [member["role"] for member in shown].count("admin") == 1


def test_no_key_of_a_leaver_lives(server: Server, place: Any, person: Any) -> None:
    """Rulebook 9: whichever of the requests comes first."""
    for _ in range(ROUNDS):
        team = place().team
        ident, key = person(team, "user")
        person(team, "admin")
        done(
            server.ask(
                "POST", "/team/permissions_update", {"team_id": team, "team_member_permissions": ["/key/generate"]}
            )
        )
        mint = partial(server.ask, "POST", "/key/generate", {"team_id": team}, key=key)
        leave = partial(server.ask, "POST", "/team/member_delete", {"team_id": team, "user_id": ident})
        answers = together(mint, mint, leave, mint, mint)
        assert answers[2][0] == 200, answers[2]
        for status, answer in [*answers[:2], *answers[3:]]:
            assert status in (200, *GONE), answer
            if status == 200:
                assert server.ask("GET", "/key/health", key=answer["key"])[0] == 401
        assert done(server.ask("GET", f"/key/list?team_id={team}&user_id={ident}"))["total_count"] == 0


def test_nineteen_organizations_made_at_once_are_nineteen(server: Server) -> None:
    mark = uuid4().hex
    bodies = [{"organization_alias": f"{mark} {number}"} for number in range(19)]
    answers = together(*[partial(server.ask, "POST", "/organization/new", body) for body in bodies])
    assert statuses(answers) == {200: 19}
    made = {answer["organization_id"] for _, answer in answers}
    assert len(made) == 19
    assert made <= {row["organization_id"] for row in done(server.ask("GET", "/organization/list"))}


# A path, a body whose name is taken by the first, the answer to the others and the field that it names.
TAKEN = {
    "organization": ("/organization/new", {"organization_alias": "{mark}"}, 400, "organization_alias"),
    "team": ("/team/new", {"team_alias": "{mark}", "organization_id": "{organization}"}, 400, "team_alias"),
    "project": ("/project/new", {"title": "{mark}", "organization_id": "{organization}"}, 400, "title"),
    "key": ("/key/generate", {"key_alias": "{mark}", "team_id": "{team}", "user_id": None}, 400, "key_alias"),
    "person": ("/user/new", {"user_email": "{mark}@example.com"}, 409, "user_email"),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_name_that_nineteen_want_at_once_is_given_once(server: Server, place: Any, kind: str) -> None:
    """Rulebook 21: the others are told, as if they had come a minute later."""
    path, form, refusal, field = TAKEN[kind]
    where, mark = place(), uuid4().hex
    words = {"mark": mark, "organization": where.organization, "team": where.team}
    body = {name: value.format(**words) if value else value for name, value in form.items()}
    answers = together(*[partial(server.ask, "POST", path, body) for _ in range(19)])
    assert statuses(answers) == {200: 1, refusal: 18}, answers
    for status, answer in answers:
        if status != 200:
            problem = answer.get("error") or answer["detail"]
            assert (problem.get("param") if isinstance(problem, dict) else None) == field, answer
