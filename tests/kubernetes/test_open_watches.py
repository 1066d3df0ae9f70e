"""Many watches at once, on the product's own server: everybody hears, and nobody else waits."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse
from urllib.request import Request, urlopen

import pytest

from tests.support.server import Server, serving

pytestmark = pytest.mark.sqlite
TEAMS = "/apis/auth.litellm.ai/v1alpha1/namespaces/litellm/teams"
WATCHES = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("watches")) as running:
        yield running


def test_twenty_watches_of_one_caller_hear_of_a_change_and_hold_up_nobody(server: Server) -> None:
    since = server.ask("GET", TEAMS)[1]["metadata"]["resourceVersion"]
    headers = {"Authorization": f"Bearer {server.master}"}
    with ExitStack() as stack:
        watches: list[HTTPResponse] = [
            stack.enter_context(
                urlopen(Request(f"{server.url}{TEAMS}?watch=true&resourceVersion={since}", headers=headers), timeout=20)
            )
            for _ in range(WATCHES)
        ]
        for _ in range(5):
            assert server.ask("GET", "/team/list")[0] == 200
        assert server.ask("POST", "/team/new", {"team_alias": "heard of"})[0] == 200
        for watch in watches:
            event = json.loads(watch.readline())
            assert (event["type"], event["object"]["spec"]["teamAlias"]) == ("ADDED", "heard of")
