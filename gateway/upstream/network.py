"""Connections to providers: one pool for the platform's own models, one for those that teams brought.

A team chooses where its model is, with the platform's network behind us. So its pool asks the resolver itself, refuses
when any address is not public, and connects to the very address that was checked: a name that resolves differently the
second time gains nothing. The pools are apart, or a connection that one may have would be reused by the other.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore2
from django.core.exceptions import ValidationError

from gateway.addresses import require_public_address

MOST_CONNECTIONS = 64
KEEP_ALIVE = 20.0  # seconds; below what load balancers commonly keep
NOT_PUBLIC = "not a public address"

until = threading.local()  # when the call that this thread makes must be over


def set_deadline(moment: float | None) -> None:
    """Until when (`time.monotonic()`) this thread may wait for a provider, however slowly its bytes come in."""
    until.moment = moment


def left(timeout: float | None) -> float | None:
    moment: float | None = getattr(until, "moment", None)
    if moment is None:
        return timeout
    rest = moment - time.monotonic()
    if rest <= 0:
        raise httpcore2.ReadTimeout("the call took too long")
    return rest if timeout is None else min(timeout, rest)


class Timed(httpcore2.NetworkStream):
    """A connection that gives up at the deadline: a timeout for each read alone lets a dripping peer hold us."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self.inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return Timed(self.inner.start_tls(ssl_context, server_hostname, left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


class Direct(httpcore2.NetworkBackend):
    """Connects to whatever the platform's administrators named."""

    def __init__(self) -> None:
        self.sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        return Timed(self.sockets.connect_tcp(host, port, left(timeout), local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        raise httpcore2.UnsupportedProtocol("providers are reached over TCP")


class PublicOnly(Direct):
    """Connects to public addresses alone, and to the one that was checked."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        *others, last = public_addresses(host, port)
        for address in others:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore2.ConnectError:
                continue  # the next one may answer, as for any name with several addresses
        return super().connect_tcp(last, port, timeout, local_address, socket_options)


def public_addresses(host: str, port: int) -> list[str]:
    """All addresses of a host. Raises httpcore2.ConnectError unless every one of them is public."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError("the name does not resolve") from error
    for address in found:
        try:
            require_public_address(address)
        except ValidationError as error:
            raise httpcore2.ConnectError(NOT_PUBLIC) from error
    if not found:
        raise httpcore2.ConnectError("the name does not resolve")
    return found


@cache
def pool(public: bool) -> httpcore2.ConnectionPool:
    """The pool for models that teams brought (`public`), or for the platform's. No proxy, no redirect, no retry."""
    return httpcore2.ConnectionPool(
        max_connections=MOST_CONNECTIONS,
        max_keepalive_connections=MOST_CONNECTIONS // 2,
        keepalive_expiry=KEEP_ALIVE,
        network_backend=PublicOnly() if public else Direct(),
    )
