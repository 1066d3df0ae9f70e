"""The secret of a virtual key: how it is made, recognised and stored.

`sk-` + type letter + `_` + 32 base-62 characters (190 random bits) + 6 characters of CRC-32. The checksum stops typos
and random junk without a look-up; it is not security. Stored is HMAC-SHA-256 under the pepper, which is a secret of
its own: the key has enough entropy, so a slow hash would only be a lever against the server.
"""

import hashlib
import hmac
import re
import secrets
import string
import zlib

from django.conf import settings

PREFIX = "sk-"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_LENGTH = 32  # log2(62) * 32 = 190.5 bits
CHECK_LENGTH = 6
PAIRS = tuple(one + other for one in ALPHABET for other in ALPHABET)  # numbers below 62 * 62 in base 62
LETTERS = {"personal": "u", "service": "s", "gateway": "g", "terminal": "t"}
LENGTH = len(PREFIX) + 2 + RANDOM_LENGTH + CHECK_LENGTH
STARTS = tuple(f"{PREFIX}{letter}_" for letter in LETTERS.values())
HASH_VERSION = 1
TAKEN_OVER_VERSION = 2  # of a key whose secret another gateway made, and of which we were told the SHA-256 only
UNKNOWN_VERSION = 0  # of a key that came without its secret: nothing opens it until it is regenerated
FOREIGN = re.compile(r"sk-[\x21-\x7e]{13,253}", re.ASCII)  # LiteLLM's keys, also those that people chose: 16 at least
FINGERPRINT = re.compile(r"[0-9a-f]{64}", re.ASCII)


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


def is_foreign(secret: str) -> bool:
    """Whether another gateway could have made this secret, where such keys are accepted; costs no look-up."""
    return settings.TAKEN_OVER_KEYS and not is_well_formed(secret) and FOREIGN.fullmatch(secret) is not None


def fingerprint(secret: str) -> str:
    """What LiteLLM stores of a secret, and shows to whoever may list keys: its SHA-256, 64 hex characters."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(fingerprint: str) -> str:
    """The keyed hash under which a secret is stored of which only the fingerprint is known.

    The fingerprint opens nothing: it is hashed once more, under our pepper, and what is presented must be the secret.
    """
    return hmac.digest(settings.KEY_PEPPER.encode(), b"taken-over-key:v1:" + fingerprint.encode(), "sha256").hex()


def stored(secret: str) -> str:
    """The hash under which this secret stands in the table, whoever made it."""
    return digest_of(fingerprint(secret)) if is_foreign(secret) else digest(secret)
