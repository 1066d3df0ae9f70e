"""What a request costs in queries: who asks, whether they may, and every read at three rows and at thirty."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from api.litellm.route import Route
from api.litellm.routes import ROUTES
from keys.actors import actor_for_bearer
from rbacadmin import audit, policy
from rbacadmin.policy import Action, Actor, Origin
from tests.api.test_shapes import address
from tests.support.cells import cells
from tests.test_queries import counted, grow
from tests.usage import Use, book
from tests.world import World, invited

PEOPLE = ("proxy_admin", "auditor", "org_admin", "reader", "team_admin", "granted", "project_owner", "member", "loner")
READING = [route for route in ROUTES if "GET" in route.methods and not route.public]
WHOLE = {"size": "size=100", "page_size": "page_size=100", "links": "page_size=100"}
CUTTING = (
    "search",
    "size",
    "page_size",
    "return_full_object",
    "expand",
    "outcome",
)  # of examples: here the whole list counts
SUMS = {"spend", "activity"}  # add up usage, of which `grow` makes none: their costs with rows are tested with them
# Other ways to ask for the same list.
MORE = {"/key/list": ("return_full_object=true", "return_full_object=true&expand=user")}
MOST = 40  # queries of any read, however many kinds of rows its answer nests


@pytest.mark.sqlite
@pytest.mark.parametrize("name", PEOPLE)
def test_who_asks_takes_two_queries_and_whether_they_may_four_more(cast: World, name: str) -> None:
    """The key and the roles; then the grants of each kind of scope, and where a person stands."""
    objects = (cast.organization, cast.team, cast.project, cast.keys["member_team"], cast.colleague, None)
    first = actor_for_bearer(cast.secrets[name], Origin())  # notes when the key was used, once a minute
    len(first.grants)  # and what is read once a process
    for action in Action:
        for obj in objects:
            found = []
            known = counted(lambda f=found: f.append(actor_for_bearer(cast.secrets[name], Origin())))
            decided = counted(lambda f=found, a=action, o=obj: policy.can(f[0], a, o))
            assert known <= 2
            assert decided <= 4, (action, obj)


def test_the_master_key_and_junk_take_none(cast: World) -> None:
    assert counted(lambda: policy.can(actor_for_bearer("sk-1234", Origin()), Action.DELETE_TEAMS, cast.team)) == 0
    for junk in ("", "Bearer", "sk-", "sk-junk", "sk-" + "a" * 40):
        assert counted(lambda j=junk: Client().get("/key/info", headers={"Authorization": f"Bearer {j}"})) == 0


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize("name", ["proxy_admin", pytest.param("org_admin", marks=pytest.mark.sqlite)])
def test_a_read_costs_the_same_at_three_rows_and_at_thirty(cast: World, api: Callable[..., Any], name: str) -> None:
    """Every read of the route table. A list whose rows `grow` does not make more of fails: let it make some."""
    # else the record and the usage are empty, and nothing is looked up for them
    audit.record(Actor.master(), "team.updated", cast.team)
    book([Use(cast.here.keys["member_team"]), Use(cast.here.keys["project_owner_project"])])
    invited(cast.colleague, cast.team)
    asked = [(route, url) for route in READING for url in urls_of(route, cast)]
    for _, url in asked:
        cost(api, url, name)  # some reads go on record, which is read too
    before = [cost(api, url, name) for _, url in asked]
    grow(cast)
    with cells() as tried:
        for (route, url), (few, size) in zip(asked, before, strict=True):
            with tried.cell(url):
                many, grown = cost(api, url, name)
                assert many <= few, (few, many)
                assert few <= MOST
                if route.page and name == "proxy_admin" and not SUMS & set(route.path.split("/")):
                    assert grown >= size + 30, f"{size} rows, then {grown}"


def urls_of(route: Route, cast: World) -> list[str]:
    """The whole list, and other ways to ask for it."""
    path, _, query = address(route.path, cast).partition("?")
    kept = [part for part in query.split("&") if part and part.split("=")[0] not in CUTTING]
    whole = f"{path}?{'&'.join([*kept, WHOLE.get(route.page, '')])}".rstrip("&")
    return [whole, *(f"{whole}&{query}" for query in MORE.get(route.path, ()))]


def cost(api: Callable[..., Any], url: str, name: str) -> tuple[int, int]:
    """Queries of a read (the second: some things are read once a process), and how many rows there are."""
    answers: list[Any] = []

    def ask() -> None:
        answer = api("GET", url, as_=name)
        answers.append(b"".join(answer) if answer.streaming else answer.json())
        assert answer.status_code in (200, 403, 404), answers

    ask()
    return counted(ask), size_of(answers[-1])


def size_of(answer: Any) -> int:
    if isinstance(answer, list):
        return len(answer)
    counted = answer.get("meta", answer) if isinstance(answer, dict) else {}
    found = [counted[name] for name in ("total", "total_count") if name in counted]
    return int(found[0]) if found else 0
