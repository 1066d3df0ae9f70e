"""A passkey as a browser registers one, for pages that read what it consists of."""

import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

SEEN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT


def passkey(name: str, host: str = "localhost") -> dict[str, Any]:
    """The data of an authenticator that signs in without a password. Its private key is thrown away."""
    ident, key = name.encode(), ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid.NONE, ident, key)
    held = AuthenticatorData.create(sha256(host.encode()).digest(), SEEN, 0, credential)
    answer = AuthenticatorAttestationResponse(
        client_data=CollectedClientData.create("webauthn.create", b"challenge", f"http://{host}"),
        attestation_object=AttestationObject.create("none", held, {}),
    )
    plain = json.loads(json.dumps(RegistrationResponse(raw_id=ident, response=answer), default=dict))
    return {"name": name, "credential": {**plain, "clientExtensionResults": {"credProps": {"rk": True}}}}
