"""The certificate authority of an installation: made once; the server's certificate anew when it must be."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from time_machine import travel

from rbacadmin import tls

pytestmark = pytest.mark.sqlite


def loaded(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_what_is_there_stays_and_what_is_not_is_made(tmp_path: Path) -> None:
    files = tls.ensure(tmp_path, ["gate.example.com"])
    authority, certificate = loaded(files.ca), loaded(files.certificate)
    certificate.verify_directly_issued_by(authority)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["gate.example.com", "localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    for path in (files.key, files.ca.with_suffix(".key")):
        assert path.stat().st_mode & 0o777 == 0o600
    before = files.certificate.read_bytes()
    assert tls.ensure(tmp_path, ["gate.example.com"]).certificate.read_bytes() == before


def test_another_host_and_a_near_end_make_a_new_certificate_of_the_same_authority(tmp_path: Path) -> None:
    files = tls.ensure(tmp_path, [])
    authority, first = files.ca.read_bytes(), files.certificate.read_bytes()
    second = tls.ensure(tmp_path, ["other.example.com"]).certificate.read_bytes()
    assert second != first
    with travel(timezone.now() + tls.RENEW * 11.5):
        third = tls.ensure(tmp_path, ["other.example.com"]).certificate.read_bytes()
    assert third != second
    assert files.ca.read_bytes() == authority
    assert isinstance(loaded(files.certificate).public_key(), ec.EllipticCurvePublicKey)
