"""Shorthands: requests as kubectl sends them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api.kubernetes import streams, watching
from manifests.feed import feed

GROUP = "/apis/auth.litellm.ai/v1alpha1"
HOME = f"{GROUP}/namespaces/litellm"
HERE = {"instanceRef": {"name": "litellm-example", "namespace": "litellm"}}
MERGE = "application/merge-patch+json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

Opened = Callable[..., Iterator[tuple[str, dict[str, Any]]]]


def manifest(kind: str, name: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "auth.litellm.ai/v1alpha1",
        "kind": kind,
        "metadata": {"name": name, **metadata},
        "spec": spec,
    }


def team(name: str = "ai-team", **spec: Any) -> dict[str, Any]:
    return manifest("Team", name, {"teamAlias": name, "connectionRef": HERE, **spec})


def user(name: str = "alice", **spec: Any) -> dict[str, Any]:
    return manifest("User", name, {"userEmail": f"{name}@example.com", "userAlias": name, **spec})


def association(name: str = "alice-ai-team", role: str = "admin", **spec: Any) -> dict[str, Any]:
    refs = {"teamRef": {"name": "ai-team"}, "userRef": {"name": "alice"}}
    return manifest("TeamMemberAssociation", name, {"connectionRef": HERE, "role": role, **refs, **spec})


@pytest.fixture
def kube(api: Callable[..., Any]) -> Callable[..., Any]:
    """`kube("POST", "/teams", team())`: a request in the namespace litellm; of the platform admin unless named."""

    def ask(
        method: str, path: str, body: Any = None, *, as_: str = "proxy_admin", accept: str = "", **extra: Any
    ) -> Any:
        address = path if path.startswith(("/api", "/openapi")) else f"{HOME}{path}"
        if media := extra.pop("media", ""):
            extra |= {"content_type": media, "data": json.dumps(body)}
            body = None
        if accept:
            extra["HTTP_ACCEPT"] = accept
        return api(method, address, body, as_=as_, **extra)

    return ask


@pytest.fixture
def seeded(kube: Callable[..., Any]) -> Callable[..., Any]:
    """The same, after the team, the person and the association of seed 000 were made."""
    for plural, body in (("teams", team()), ("users", user()), ("teammemberassociations", association())):
        answer = kube("POST", f"/{plural}", body)
        assert answer.status_code == 201, answer.content
    return kube


@pytest.fixture
def opened(kube: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """`opened("/teams", since)`: the events of a watch, one after the other; None while there is nothing."""
    monkeypatch.setattr(watching, "BEATS", 0.0)
    monkeypatch.setattr(watching, "PAUSE", 0.0)
    monkeypatch.setattr("manifests.feed.PAUSE", 0.0)
    answers = []

    def watch(path: str, since: str = "", **extra: Any) -> Any:
        answer = kube("GET", f"{path}{'&' if '?' in path else '?'}watch=true&resourceVersion={since}", **extra)
        assert answer.status_code == 200, answer.content
        answers.append(answer)
        lines = iter(answer)

        def events() -> Iterator[Any]:
            for line in lines:
                found = json.loads(line) if line else None
                yield found and (found["type"], found["object"])

        return events()

    yield watch
    for answer in answers:
        answer.close()
    assert feed.watchers == 0
    assert not streams.held.total()
