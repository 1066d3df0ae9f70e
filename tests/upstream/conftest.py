"""A provider for each test, and models that are there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway import credentials, upstream
from gateway.models import CatalogModel
from gateway.upstream import network
from tests.support.provider import SECRET, Provider, providing


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with providing() as provider:
        yield provider
        network.pool(False).close()


@pytest.fixture
def provider(served: Provider) -> Provider:
    """It answers `hello` until it is told otherwise."""
    served.does, served.calls, served.headers = {}, [], []
    served.gone.clear()
    return served


def deployment(name: str = "smart", api_key: str = SECRET, **params: Any) -> CatalogModel:
    """A model of the platform, as the catalog holds it."""
    model = CatalogModel(name=name, params=params)
    model.credential = credentials.seal({"api_key": api_key}, model.pk)
    return model


@pytest.fixture
def target(provider: Provider) -> Callable[..., upstream.Target]:
    """`target(timeout=1)`: the provider's model `up-1`, with more parameters."""

    def make(**params: Any) -> upstream.Target:
        return upstream.target_of(deployment(model="openai/up-1", api_base=provider.base, **params), "smart")

    return make
