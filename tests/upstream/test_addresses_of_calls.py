"""Where calls may go: a model that a team brought reaches public addresses alone, the platform's own any."""

import logging
import socket
from typing import Any
from uuid import uuid4

import pytest

from gateway.upstream import UpstreamFailure, complete, network, target_of
from tests.support.provider import SECRET, Provider
from tests.upstream.conftest import deployment
from tests.upstream.test_forwarding import ASKED, CHAT

pytestmark = pytest.mark.sqlite


def brought(**params: Any) -> Any:
    model = deployment(model="openai/up-1", **params)
    model.team_id = uuid4()
    return model


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to, and (`connected`) which addresses were connected to, in vain."""
    names: dict[str, list[str]] = {"connected": []}

    def resolve(host: str, port: int, *_args: Any, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in names.get(host, [host])]

    def connect(address: tuple[str, int], *_args: Any, **_more: Any) -> Any:
        names["connected"].append(address[0])
        raise OSError("nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    return names


def failure_of(model: Any) -> UpstreamFailure:
    with pytest.raises(UpstreamFailure) as caught:
        complete(target_of(model, "smart"), CHAT, ASKED)
    return caught.value


@pytest.mark.parametrize("base", ["http://models.example.com/v1", "https://127.0.0.1/v1", "https://[::1]/v1"])
def test_a_teams_model_goes_over_https_to_a_public_host(base: str, resolver: dict[str, list[str]]) -> None:
    assert "not public" in failure_of(brought(api_base=base)).message
    assert resolver["connected"] == []


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"], ["8.8.8.8", "192.168.0.1"], ["::ffff:10.0.0.1"]]
)
def test_a_name_that_resolves_inside_is_not_connected_to(addresses: list[str], resolver: dict[str, list[str]]) -> None:
    resolver["models.example.com"] = addresses
    failure = failure_of(brought(api_base="https://models.example.com/v1"))
    assert (failure.status, resolver["connected"]) == (502, [])
    assert "not public" in failure.message


def test_the_address_that_was_checked_is_the_one_connected_to(resolver: dict[str, list[str]]) -> None:
    """A name that resolves differently the second time would be asked for by name."""
    resolver["models.example.com"] = ["8.8.8.8", "1.1.1.1"]
    assert failure_of(brought(api_base="https://models.example.com/v1")).message == "The provider cannot be reached."
    assert resolver["connected"] == ["8.8.8.8", "1.1.1.1"]


def test_the_platforms_own_models_may_be_inside(resolver: dict[str, list[str]]) -> None:
    assert failure_of(deployment(model="openai/up-1", api_base="http://10.0.0.7/v1")).status == 502
    assert resolver["connected"] == ["10.0.0.7"]


def test_teams_and_the_platform_share_no_connection() -> None:
    assert network.pool(True) is not network.pool(False)


@pytest.mark.parametrize("params", [{"api_base": "ftp://x.example.com"}, {"model": "unheard-of-provider/x"}])
def test_a_model_that_goes_nowhere_is_a_bad_gateway(params: dict[str, Any], resolver: dict[str, list[str]]) -> None:
    resolver["api.openai.com"] = ["8.8.8.8"]
    assert failure_of(deployment(**params)).status == 502


def test_a_team_reads_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_KEY", "of-the-platform")
    named = {"api_key": "os.environ/PLATFORM_KEY", "api_base": "https://models.example.com/v1"}
    ours = target_of(deployment(model="openai/up-1", **named), "smart")
    theirs = target_of(brought(**named), "smart")
    assert ours.headers["authorization"] == "Bearer of-the-platform"
    assert theirs.headers["authorization"] == "Bearer os.environ/PLATFORM_KEY"


def test_a_wildcard_passes_on_what_was_asked_for() -> None:
    model = deployment("openai/*", model="openai/*")
    assert target_of(model, "openai/gpt-4o-mini").model == "gpt-4o-mini"


def test_no_credential_is_printed_or_logged(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    target = target_of(deployment(model="openai/up-1", api_base=provider.base), "smart")
    complete(target, CHAT, ASKED)
    assert provider.headers[0]["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in repr(target) + caplog.text
