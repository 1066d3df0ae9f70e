"""What manifests cost: a thousand memberships in one go, and others while twenty watch.

    python -m benchmarks manifests [--memberships 1000]

The product's own server on SQLite, through its doors. Rates mean something beside each other, in one run only.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.support.server import Server, serving

GROUP = "/apis/auth.litellm.ai/v1alpha1/namespaces/litellm"
WATCHES, ASKED, IN_A_FILE = 20, 200, 250


def manifest(kind: str, name: str, **spec: Any) -> str:
    head = {"apiVersion": "auth.litellm.ai/v1alpha1", "kind": kind, "metadata": {"name": name}}
    return f"---\n{json.dumps({**head, 'spec': spec})}\n"


def applied(server: Server, label: str, documents: list[str]) -> None:
    """Apply them in one go, and again; print how long each took."""
    parts = [documents[at : at + IN_A_FILE] for at in range(0, len(documents), IN_A_FILE)]
    files = [{"name": f"{number}.yaml", "content": "".join(part)} for number, part in enumerate(parts)]
    for again in ("", ", a second time"):
        began = time.perf_counter()
        status, answer = server.ask("POST", "/manifests/apply", {"files": files})
        if status != 200:
            raise RuntimeError(f"apply was answered {status}: {str(answer)[:500]}")
        print(f"{label + again:44}{time.perf_counter() - began:8.2f} s")


def asked(server: Server) -> list[float]:
    """Seconds of each of many requests, one after the other."""
    found = []
    for _ in range(ASKED):
        began = time.perf_counter()
        server.ask("GET", "/team/list")
        found.append(time.perf_counter() - began)
    return found


@contextmanager
def watching(server: Server) -> Iterator[list[Any]]:
    """Twenty watches of one caller, from now on."""
    since = server.ask("GET", f"{GROUP}/teams")[1]["metadata"]["resourceVersion"]
    address = f"{server.url}{GROUP}/teams?watch=true&resourceVersion={since}"
    headers = {"Authorization": f"Bearer {server.master}"}
    with ExitStack() as stack:
        yield [stack.enter_context(urlopen(Request(address, headers=headers), timeout=60)) for _ in range(WATCHES)]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks manifests", description=__doc__.splitlines()[0])
    parser.add_argument("--memberships", type=int, default=1000)
    count = parser.parse_args(arguments).memberships
    with tempfile.TemporaryDirectory(prefix="rbacadmin-benchmark-") as folder, serving(Path(folder)) as server:
        people = [manifest("User", f"u{one}", userEmail=f"u{one}@bench.example") for one in range(count)]
        applied(server, f"a team and {count:,} people", [manifest("Team", "bench", teamAlias="bench"), *people])
        links = [
            manifest(
                "TeamMemberAssociation",
                f"u{one}-bench",
                teamRef={"name": "bench"},
                userRef={"name": f"u{one}"},
                role="member",
            )
            for one in range(count)
        ]
        applied(server, f"{count:,} memberships", links)
        began = time.perf_counter()
        found = server.ask("GET", f"{GROUP}/teammemberassociations?limit={count}")[1]["items"]
        print(f"{f'a list of {len(found):,} memberships':44}{time.perf_counter() - began:8.2f} s")
        alone = asked(server)
        with watching(server) as watches:
            beside = asked(server)
            began = time.perf_counter()
            server.ask("POST", "/team/new", {"team_alias": "heard of"})
            for watch in watches:
                watch.readline()
            heard = time.perf_counter() - began
        for label, times in (("a request, alone", alone), (f"a request while {WATCHES} watch", beside)):
            print(f"{label:44}{statistics.median(times) * 1000:8.2f} ms")
        print(f"{f'all {WATCHES} have heard of a change after':44}{heard:8.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
