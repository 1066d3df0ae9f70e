"""Where a model's provider may be, when the address comes from somebody who does not run the platform.

The gateway sends requests there with the platform's network in its back: an address inside of it would hand that
network to whoever names it. Names are not resolved when they are stored; `require_public_https` takes what a name
resolved to, so that the gateway asks again before each connection (names change).
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
# Names that mean this network, whatever a resolver says about them.
INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain", "arpa")
NAT64 = IPv6Network("64:ff9b::/96")
COMPATIBLE = IPv6Network("::/96")


def require_public_https(url: str, resolved: Iterable[str] = ()) -> None:
    """Raise ValidationError unless the URL is https to a public host, and all `resolved` addresses are public."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValidationError("Must be an address in plain ASCII.")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValidationError("Must be an address that can be read in one way only.") from error
    if parts.scheme != "https":
        raise ValidationError("Must begin with https://.")
    if "@" in parts.netloc:
        raise ValidationError("Must not hold a name or a password.")
    if parts.fragment:
        raise ValidationError("Must not hold a '#'.")
    if not host:
        raise ValidationError("Must name a host.")
    require_public_host(host)
    for address in resolved:
        require_public_address(address)


def require_public_host(host: str) -> None:
    """Raise ValidationError unless the host is a public IP address or a name that can be public."""
    host = host.removesuffix(".")
    if ":" in host:
        return require_public_address(host)
    labels = host.split(".")
    if is_number(labels[-1]):  # browsers and C libraries read 0x7f.1, 017700000001 and 2130706433 as addresses
        return require_public_address(host)
    if len(labels) < 2 or len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise ValidationError("Must name a public host, with a dot in its name.")
    if labels[-1] in INSIDE:
        raise ValidationError(f"Must name a public host: '.{labels[-1]}' is inside a network.")
    return None


def is_number(label: str) -> bool:
    """Whether a last label makes the host an IPv4 address: digits, or hexadecimal."""
    return label.isdigit() or bool(re.fullmatch(r"0x[0-9a-f]*", label))


def require_public_address(text: str) -> None:
    """Raise ValidationError unless the text is a public IP address, in the one form that everybody reads alike."""
    try:
        address = ip_address(text)
    except ValueError as error:
        raise ValidationError("Must be a name, or an IP address in its usual form.") from error
    for one in (address, *embedded(address)):
        if not one.is_global or one.is_multicast or one.is_reserved or getattr(one, "is_site_local", False):
            raise ValidationError("Must be a public address.")
    if isinstance(address, IPv6Address) and address.scope_id:
        raise ValidationError("Must be a public address.")


def embedded(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries, and which a gateway on the way may unpack."""
    if isinstance(address, IPv4Address):
        return []
    teredo = address.teredo or ()
    found = [address.ipv4_mapped, address.sixtofour, *teredo]
    if address in NAT64 or address in COMPATIBLE:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]
