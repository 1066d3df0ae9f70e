"""One call of a provider: all at once, or as a stream. No retry: a POST may have cost something before it failed."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpcore2

from gateway.upstream import network, sse
from gateway.upstream.errors import UpstreamFailure, refused
from gateway.upstream.metering import LONGEST_CALL
from gateway.upstream.mock import Mock
from gateway.upstream.stream import Beating
from gateway.upstream.targets import MOCK, Target

CONNECT, WRITE, WAIT = 5.0, 30.0, 5.0  # seconds; the last is for a free connection of the pool
SILENCE = 300.0  # seconds between two signs of life of a provider
LARGEST_ANSWER = 32 * 1_048_576
LARGEST_ERROR = 65_536


def complete(target: Target, route: str, body: Mapping[str, Any], *, patience: float = LONGEST_CALL) -> dict[str, Any]:
    """The provider's answer to one call, which may take `patience` seconds. Raises UpstreamFailure."""
    wanted = sent(target, body)
    if is_mocked(target, body):
        return Mock(target.model, target.mock or {}, wanted).answer(route)
    with deadline(target, patience), failures(), closing(ask(target, route, wanted)) as response:
        headers = headers_of(response)
        content = read(response, LARGEST_ANSWER if response.status == 200 else LARGEST_ERROR)
        if response.status != 200:
            raise refused(response.status, headers, parsed(content), target.hidden)
        answer = parsed(content)
        if not isinstance(answer, dict):
            raise UpstreamFailure(502, "The provider's answer is not JSON.")
        if "choices" not in answer and "data" not in answer:
            raise UpstreamFailure(502, "The provider's answer has nothing in it.")
        return answer


def stream(target: Target, route: str, body: Mapping[str, Any]) -> Iterator[bytes]:
    """The events of one call as they come, and b"" at least every second. Raises UpstreamFailure, also on the way.

    Its status is known when this returns. Close it: that ends the call at the provider too.
    """
    wanted = {**sent(target, body), "stream": True}
    if is_mocked(target, body):
        return Mock(target.model, target.mock or {}, wanted).stream(route)
    with deadline(target), failures():
        response = ask(target, route, wanted)
        if response.status == 200 and "event-stream" in headers_of(response).get("content-type", "").lower():
            return Beating(response, time.monotonic() + LONGEST_CALL)
        with closing(response):
            content = read(response, LARGEST_ERROR)
        if response.status != 200:
            raise refused(response.status, headers_of(response), parsed(content), target.hidden)
        raise UpstreamFailure(502, "The provider did not answer with a stream.")


def sent(target: Target, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body for the provider: its own name for the model, and what the model sets where the caller says nothing."""
    limits = {"max_tokens", "max_completion_tokens"}
    own = {name: value for name, value in target.defaults.items() if name not in limits or not limits & body.keys()}
    found = {**own, **body, "model": target.model}
    if found.get("stream"):
        options = found.get("stream_options")
        found["stream_options"] = {**(options if isinstance(options, dict) else {}), "include_usage": True}
    return found


def is_mocked(target: Target, body: Mapping[str, Any]) -> bool:
    return target.mock is not None or isinstance(body.get("mock_response"), str)


def ask(target: Target, route: str, body: Mapping[str, Any]) -> httpcore2.Response:
    """Send the call; the answer's headers are there, its body is not read."""
    body = {name: value for name, value in body.items() if not name.startswith(MOCK)}
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    url = httpcore2.URL(target.url(route))
    headers = [(name.encode(), value.encode()) for name, value in target.headers.items()]
    port = b"" if url.port is None else b":%d" % url.port
    request = httpcore2.Request(
        "POST",
        url,
        headers=[(b"host", url.host + port), *headers, (b"content-length", str(len(content)).encode())],
        content=content,
        extensions={
            "timeout": {"connect": CONNECT, "write": WRITE, "pool": WAIT, "read": target.timeout or SILENCE},
        },
    )
    return network.pool(target.public).handle_request(request)


@contextmanager
def deadline(target: Target, patience: float = LONGEST_CALL) -> Iterator[None]:
    """What this thread reads within comes in time, or not at all."""
    network.set_deadline(time.monotonic() + min(target.timeout or patience, patience))
    try:
        yield
    finally:
        network.set_deadline(None)


@contextmanager
def closing(response: httpcore2.Response) -> Iterator[httpcore2.Response]:
    try:
        yield response
    finally:
        response.close()


@contextmanager
def failures() -> Iterator[None]:
    """Errors of the network as failures that a caller may read. What they say of addresses stays behind."""
    try:
        yield
    except httpcore2.PoolTimeout:
        raise UpstreamFailure(503, "Too many calls of providers at once.", retry_after=1) from None
    except httpcore2.TimeoutException:
        raise UpstreamFailure(504, "The provider did not answer in time.") from None
    except httpcore2.ConnectError as error:
        if str(error) == network.NOT_PUBLIC:
            raise UpstreamFailure(502, "The address of this model is not public; ask who brought it.") from None
        raise UpstreamFailure(502, "The provider cannot be reached.") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol):
        raise UpstreamFailure(502, "The provider broke the connection off, or does not speak HTTP.") from None
    except (ValueError, UnicodeError):
        raise UpstreamFailure(502, "This model is not set up to be called here; ask who runs it.") from None


def read(response: httpcore2.Response, most: int) -> bytes:
    """The whole body. Raises UpstreamFailure when it is larger."""
    parts, count = [], 0
    for part in response.iter_stream():
        count += len(part)
        if count > most:
            raise UpstreamFailure(502, "The provider's answer is too large.")
        parts.append(part)
    return b"".join(parts)


def parsed(content: bytes) -> Any:
    """The JSON in an answer, or None."""
    return sse.parsed(content)


def headers_of(response: httpcore2.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
