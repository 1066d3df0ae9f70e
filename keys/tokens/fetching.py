"""One GET of a provider's keys: https, no redirects, no proxy, a checked address, a time limit and a size limit."""

import contextlib
import socket
import ssl
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

TIMEOUT = 5.0  # seconds for everything
LARGEST = 262_144


class Unavailable(Exception):
    """The keys cannot be had. The words are for the log: they name the address, which is the operator's own."""


def fetched(where: str, *, private: bool = False) -> bytes:
    """What is at an https address, or in a file. `private` allows addresses inside the network. Raises Unavailable."""
    try:
        return from_web(where, private) if where.startswith(("https://", "http://")) else from_file(where)
    except (OSError, HTTPException, ValueError) as error:
        raise Unavailable(f"{where}: {type(error).__name__}: {error}") from error


def from_file(where: str) -> bytes:
    path = Path(unquote(where.removeprefix("file://")))
    with path.open("rb") as file:
        found = file.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise Unavailable(f"{where}: larger than {LARGEST} bytes")
    return found


def from_web(where: str, private: bool) -> bytes:
    parts = urlsplit(where)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    deadline = time.monotonic() + TIMEOUT
    with contextlib.closing(connection(parts.scheme, host, port, private)) as link:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        link.request("GET", path, headers={"Accept": "application/json", "User-Agent": "rbacadmin"})
        answer = link.getresponse()
        if answer.status != 200:
            raise Unavailable(f"{where}: status {answer.status}")  # a redirect is a refusal, too
        return body(link, answer, where, deadline)


def connection(scheme: str, host: str, port: int, private: bool) -> HTTPConnection:
    """A connection to an address that was looked at, under the name that was asked for."""
    address = checked_address(host, port, private, plain=scheme == "http")
    link: HTTPConnection
    if scheme == "https":
        link = HTTPSConnection(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        raw = socket.create_connection((address, port), TIMEOUT)
        link.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    else:
        link = HTTPConnection(host, port, timeout=TIMEOUT)
        link.sock = socket.create_connection((address, port), TIMEOUT)
    return link


def checked_address(host: str, port: int, private: bool, *, plain: bool) -> str:
    """The address to connect to: public, unless the operator's own setting names this machine or allows more.

    Plain http is for this machine only (development). Raises Unavailable.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    named_here = host == "localhost" or is_loopback(host)
    for text in found:
        address = ip_address(text.split("%")[0])
        allowed = address.is_loopback if plain or named_here else address.is_global or (private and not special(text))
        if not allowed:
            raise Unavailable(f"{host}: is at {text}, which is no public address")
    if not found:
        raise Unavailable(f"{host}: has no address")
    return found[0]


def special(text: str) -> bool:
    """Addresses where no provider is: cloud metadata and the like."""
    address = ip_address(text.split("%")[0])
    return address.is_link_local or address.is_loopback or address.is_multicast or address.is_unspecified


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def body(link: HTTPConnection, answer: HTTPResponse, where: str, deadline: float) -> bytes:
    """All of the answer within the limits; a server that drips is cut off."""
    found = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Unavailable(f"{where}: took longer than {TIMEOUT:g} seconds")
        if link.sock is not None:
            link.sock.settimeout(left)
        chunk = answer.read1(65_536)
        if not chunk:
            return found
        found += chunk
        if len(found) > LARGEST:
            raise Unavailable(f"{where}: larger than {LARGEST} bytes")
