"""Addresses from people who do not run the platform lead out of its network, or nowhere."""

import pytest
from django.core.exceptions import ValidationError

from gateway.addresses import require_public_https

pytestmark = pytest.mark.sqlite

PUBLIC = (
    "https://api.openai.com/v1",
    "https://api.openai.com:8443/v1?x=y",
    "https://API.Example.COM./",
    "https://xn--bcher-kva.example.com",
    "https://8.8.8.8/v1",
    "https://[2606:4700:4700::1111]/v1",
    "https://my-model.westeurope.models.ai.azure.com",
)
REFUSED = (
    *("", "api.openai.com", "http://api.openai.com", "ftp://api.openai.com", "file:///etc/passwd", "https://"),
    *("https:///v1", "https:api.openai.com", "//api.openai.com", "HTTP://api.openai.com", "gopher://x.example.com"),
    # this machine and its network, by name
    *("https://localhost", "https://localhost:8000", "https://LOCALHOST.", "https://a.localhost", "https://redis"),
    *("https://metadata", "https://metadata.google.internal", "https://db.internal.", "https://printer.local"),
    *("https://x.lan", "https://x.home.arpa", "https://vault.corp", "https://1.0.0.127.in-addr.arpa"),
    # private, loopback, link-local, shared, reserved, multicast, documentation
    *("https://127.0.0.1", "https://127.1.2.3", "https://10.0.0.1", "https://172.16.0.1", "https://192.168.1.1"),
    *("https://169.254.169.254/latest/meta-data", "https://100.64.0.1", "https://0.0.0.0", "https://255.255.255.255"),
    *("https://224.0.0.1", "https://240.0.0.1", "https://192.0.2.1", "https://198.18.0.1"),
    # the same in other writings
    *("https://2130706433", "https://0x7f000001", "https://017700000001", "https://0x7f.1", "https://127.1"),
    *("https://0177.0.0.1", "https://127.0.0.01", "https://0x7f.0x0.0x0.0x1", "https://127.0.0.1."),
    *("https://8.8.8.8.8", "https://256.1.1.1", "https://8.8.8", "https://0x", "https://example.0x1"),
    # version 6
    *("https://[::1]", "https://[::]", "https://[fe80::1]", "https://[fc00::1]", "https://[fd00:ec2::254]"),
    *("https://[::ffff:127.0.0.1]", "https://[::ffff:a9fe:a9fe]", "https://[::127.0.0.1]", "https://[64:ff9b::a00:1]"),
    *("https://[2002:7f00:1::]", "https://[2002:a9fe:a9fe::1]", "https://[ff02::1]", "https://[fec0::1]"),
    *("https://[fe80::1%25eth0]", "https://[2606:4700::1%25eth0]", "https://[::1", "https://[127.0.0.1]"),
    *("https://[2001:db8::1]", "https://[2001:0:7f00:1::]"),
    # two readings
    *("https://user@api.openai.com", "https://user:pass@api.openai.com", "https://api.openai.com@127.0.0.1"),
    *("https://127.0.0.1\\@api.openai.com", "https://api.openai.com\\.evil.com", "https://api.openai.com#@127.0.0.1"),
    *("https://api.openai.com:99999", "https://api.openai.com:x", "https://api .openai.com", "https://a..example.com"),
    *(" https://api.openai.com", "https://api.openai.com\n", "https://api.openai.com\x00", "https://exa\tmple.com"),
    *(
        "https://①②⑦.0.0.1",
        "https://ｌocalhost",
        "https://localho\u017ft",
        "https://127。0。0。1",
        "https://-.example.com",
    ),
    *("https://%31%32%37.0.0.1", "https://127.0.0.1%2f.example.com", "https://*.example.com"),
)


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_address_is_taken(url: str) -> None:
    require_public_https(url)


@pytest.mark.parametrize("url", REFUSED)
def test_any_other_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        require_public_https(url)


@pytest.mark.parametrize("resolved", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "nonsense"])
def test_a_public_name_that_leads_inside_is_refused(resolved: str) -> None:
    """What the gateway asks before each connection: names change."""
    require_public_https("https://api.example.com", ["93.184.216.34", "2606:4700:4700::1111"])
    with pytest.raises(ValidationError):
        require_public_https("https://api.example.com", ["93.184.216.34", resolved])
