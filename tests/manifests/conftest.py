"""Shorthands: manifests declared by people of the cast, as doors declare them."""

from collections.abc import Callable
from typing import Any

import pytest

from manifests import apply as applying
from manifests import documents, reading, resources, writing
from manifests.apply import Asked
from manifests.kinds import KINDS
from manifests.plan import Plan
from manifests.resources import Resource
from rbacadmin.policy import Actor
from tests.manifests.texts import Do
from tests.world import World


@pytest.fixture
def declare(cast: World) -> Callable[..., Resource]:
    """`declare("Team", "ai-team", {"teamAlias": "AI"})`: create it, or make it what the manifest says."""

    def run(kind_name: str, name: str, spec: dict[str, Any], *, as_: str = "proxy_admin", **metadata: Any) -> Resource:
        actor, kind = cast.actor(as_), KINDS[kind_name]
        namespace = metadata.pop("namespace", "litellm")
        document = documents.read(kind, {"metadata": {"name": name, **metadata}, "spec": spec}, namespace=namespace)
        known = resources.names.find(kind, namespace, name)
        if known is None:
            return writing.create_manifest(actor, document)
        found = resources.find(actor, kind, namespace, name)
        return writing.replace_manifest(actor, found.manifest, found.row, document)

    return run


@pytest.fixture
def shown(cast: World) -> Callable[..., dict[str, Any]]:
    """`shown("Team", "ai-team", as_="member")`: the document, as somebody sees it."""

    def run(kind_name: str, name: str, *, as_: str = "proxy_admin", namespace: str = "litellm") -> dict[str, Any]:
        actor, kind = cast.actor(as_), KINDS[kind_name]
        return resources.shown(actor, kind, [resources.find(actor, kind, namespace, name)])[0]

    return run


@pytest.fixture
def remove(cast: World) -> Callable[..., Resource | None]:
    """`remove("Team", "ai-team")`."""

    def run(kind_name: str, name: str, *, as_: str = "proxy_admin", namespace: str = "litellm") -> Resource | None:
        actor: Actor = cast.actor(as_)
        found = resources.find(actor, KINDS[kind_name], namespace, name)
        return writing.delete_manifest(actor, found.manifest, found.row)

    return run


@pytest.fixture
def do(cast: World) -> Do:
    """`do(text, plan=True, prune=True)`: apply the manifests in a text, or only plan it."""

    def run(*texts: str, plan: bool = False, as_: str = "proxy_admin", settings: Any = None, **asked: Any) -> Plan:
        files = [(f"{number}.yaml", text) for number, text in enumerate(texts)]
        wanted = Asked(reading.read(files, settings or {}), **asked)
        return (applying.plan if plan else applying.apply)(cast.actor(as_), wanted)

    return run
