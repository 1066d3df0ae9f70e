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
PAIRS = tuple(one + other for one in ALPHABET for other in ALPHABET)  # numbers below 62 * 62 in base 62
LETTERS = {"personal": "u", "service": "s", "gateway": "g"}
LENGTH = len(PREFIX) + 2 + RANDOM_LENGTH + CHECK_LENGTH
STARTS = tuple(f"{PREFIX}{letter}_" for letter in LETTERS.values())
HASH_VERSION = 1


def make(kind: str) -> str:
    """A new secret for a key of this kind."""
    body = f"{PREFIX}{LETTERS[kind]}_{''.join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))}"
    return body + checksum(body)


def checksum(body: str) -> str:
    """CRC-32 in base 62, six characters."""
    number, last = divmod(zlib.crc32(body.encode()), len(PAIRS))
    first, middle = divmod(number, len(PAIRS))
    return PAIRS[first] + PAIRS[middle] + PAIRS[last]


def is_well_formed(secret: str) -> bool:
    """Whether we could have made this secret; costs no look-up."""
    if len(secret) != LENGTH or not secret.startswith(STARTS) or not secret.isascii():
        return False
    return checksum(secret[:-CHECK_LENGTH]) == secret[-CHECK_LENGTH:]  # anyone can compute it: no secret to protect


def digest(secret: str) -> str:
    """The keyed hash under which a secret is stored, 64 hex characters."""
    return hmac.digest(
        settings.KEY_PEPPER.encode(), b"virtual-key:v1:" + secret.encode("utf-8", "surrogatepass"), "sha256"
    ).hex()
