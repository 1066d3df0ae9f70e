"""The provider's credential, encrypted at rest under a secret of its own.

AES-256-GCM, bound to its model's id, so that a stored credential opens under no other model. The id of the key stands
in front: a new `credential_key` encrypts from then on, and `previous_credential_keys` still open what is there.
"""

import json
import os
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
NONCE, KEY_ID = 12, 8


class Unreadable(Exception):
    """A stored credential that none of the keys opens."""


def derived(secret: str) -> tuple[bytes, bytes]:
    """The id and the key that a configured secret stands for."""
    material = HKDF(SHA256(), KEY_ID + 32, salt=None, info=b"rbacadmin:credential:v1").derive(secret.encode())
    return material[:KEY_ID], material[KEY_ID:]


def seal(credential: dict[str, Any], model_id: UUID) -> bytes:
    """Encrypt for storage."""
    key_id, key = derived(settings.CREDENTIAL_KEY)
    nonce = os.urandom(NONCE)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(credential).encode(), VERSION + model_id.bytes)
    return VERSION + key_id + nonce + sealed


def unseal(stored: bytes | memoryview | None, model_id: UUID) -> dict[str, Any]:
    """Undo `seal`; nothing stored is an empty credential. Raises Unreadable."""
    if not stored:
        return {}
    blob = bytes(stored)
    key_id, nonce, sealed = blob[1 : 1 + KEY_ID], blob[1 + KEY_ID :][:NONCE], blob[1 + KEY_ID + NONCE :]
    keys = dict(map(derived, (settings.CREDENTIAL_KEY, *settings.PREVIOUS_CREDENTIAL_KEYS)))
    if blob[:1] != VERSION or key_id not in keys:
        raise Unreadable("The key that encrypted this credential is not configured.")
    try:
        opened: dict[str, Any] = json.loads(AESGCM(keys[key_id]).decrypt(nonce, sealed, VERSION + model_id.bytes))
    except InvalidTag as error:
        raise Unreadable("This credential was changed, or belongs to another model.") from error
    return opened


def is_current(stored: bytes | memoryview | None) -> bool:
    """Whether the credential is encrypted under the key of today; else it should be sealed anew."""
    return not stored or bytes(stored)[1 : 1 + KEY_ID] == derived(settings.CREDENTIAL_KEY)[0]
