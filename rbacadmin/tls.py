"""A certificate authority of this installation's own, for clients that send tokens over TLS only, such as kubectl."""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FOLDER = "tls"
CA_DAYS, SERVER_DAYS = 3650, 365
RENEW = timedelta(days=30)  # before the end
LOCAL = ("localhost", "127.0.0.1", "::1")


class Files(NamedTuple):
    """The files of a server: what clients trust, what it shows them, and its key."""

    ca: Path
    certificate: Path
    key: Path


def files_in(var_dir: Path) -> Files:
    folder = var_dir / FOLDER
    return Files(folder / "ca.crt", folder / "server.crt", folder / "server.key")


def ensure(var_dir: Path, hosts: list[str]) -> Files:
    """Make what is not there yet: the authority once, the server's certificate anew when it ends or hosts change."""
    files = files_in(var_dir)
    files.ca.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    names = [*dict.fromkeys([*hosts, *LOCAL])]
    ca_key_file = files.ca.with_suffix(".key")
    if not files.ca.exists() or not ca_key_file.exists():
        make_authority(files.ca, ca_key_file)
        files.certificate.unlink(missing_ok=True)
    if not is_current(files, names):
        make_certificate(files, ca_key_file, names)
    return files


def make_authority(certificate: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rbacadmin of this installation")])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        begun(name, name, key.public_key(), CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    write_key(key_file, key)
    certificate.write_bytes(made.public_bytes(Encoding.PEM))


def make_certificate(files: Files, ca_key_file: Path, names: list[str]) -> None:
    """The server's certificate for these names and addresses, signed by the authority."""
    authority = x509.load_pem_x509_certificate(files.ca.read_bytes())
    ca_key = load_pem_private_key(ca_key_file.read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey), "the authority's key is one that we made"
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    made = (
        begun(subject, authority.subject, key.public_key(), SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([general_name(name) for name in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .sign(ca_key, SHA256())
    )
    write_key(files.key, key)
    files.certificate.write_bytes(made.public_bytes(Encoding.PEM))


def begun(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
    builder = builder.serial_number(x509.random_serial_number())
    # clocks differ: what begins at this moment has not begun elsewhere
    return builder.not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + timedelta(days=days))


def general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def is_current(files: Files, names: list[str]) -> bool:
    """Whether the certificate is for these names and still lasts a while."""
    if not files.certificate.exists() or not files.key.exists():
        return False
    held = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    stated = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = held.not_valid_after_utc - datetime.now(UTC) > RENEW
    return lasts and set(stated) == {general_name(name) for name in names}


def write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Readable by the owner only, from its first moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
