"""The secret of a virtual key: how it is made, recognised and stored.

`sk-` + type letter + `_` + 32 base-62 characters (190 random bits) + 6 characters of CRC-32. The checksum stops typos
and random junk without a look-up; it is not security. Stored is HMAC-SHA-256 under the pepper, which is a secret of
its own: the key has enough entropy, so a slow hash would only be a lever against the server.
"""

import hmac
import secrets
import string
import zlib

from django.conf import settings

PREFIX = "sk-"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LENGTH = 32  # log2(62) * 32 = 190.5 bits
CHECK_LENGTH = 6
LETTERS = {"personal": "u", "service": "s", "gateway": "g"}
HASH_VERSION = 1


def make(kind: str) -> str:
    """A new secret for a key of this kind."""
    body = f"{PREFIX}{LETTERS[kind]}_{''.join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))}"
    return body + checksum(body)


def checksum(body: str) -> str:
    """CRC-32 in base 62, six characters."""
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECK_LENGTH):
        number, rest = divmod(number, 62)
        digits = ALPHABET[rest] + digits
    return digits


def is_well_formed(secret: str) -> bool:
    """Whether we could have made this secret; costs no look-up."""
    body, check = secret[:-CHECK_LENGTH], secret[-CHECK_LENGTH:]
    if len(secret) != len(PREFIX) + 2 + RANDOM_LENGTH + CHECK_LENGTH or not secret.isascii():
        return False
    return (
        body[:3] == PREFIX
        and body[3] in LETTERS.values()
        and body[4] == "_"
        and hmac.compare_digest(checksum(body), check)
    )


def digest(secret: str) -> str:
    """The keyed hash under which a secret is stored, 64 hex characters."""
    return hmac.digest(
        settings.KEY_PEPPER.encode(), b"virtual-key:v1:" + secret.encode("utf-8", "surrogatepass"), "sha256"
    ).hex()
