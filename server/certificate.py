"""The server's certificate: read, judged, and made into a TLS context.

Every fault that a person can mend is a :class:`CertificateError` that names the file and the remedy; what
OpenSSL says of it alone ("PEM lib") helps nobody.
"""

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from server.settings import Tls

_MEND = "Name another with --tls-certificate, or leave it out to serve plain HTTP"


class CertificateError(Exception):
    """A certificate or key that cannot be used: which file, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What matters of a certificate to those who run the server."""

    names: tuple[str, ...]
    """Host names and addresses it was made out to."""
    since: datetime
    until: datetime

    def remaining(self, now: datetime) -> timedelta:
        """Time until it expires; ``now`` is in UTC."""
        return self.until - now


def read_certificate(tls: Tls, now: datetime) -> Certificate:
    """The server's own certificate: the first in its file.

    Raises :class:`CertificateError` where it is missing, unreadable, no PEM, expired or not valid yet.
    """
    path = tls.certificate
    assert path is not None
    try:
        first = x509.load_pem_x509_certificates(_read(path, "certificate"))[0]
    except ValueError as error:
        raise CertificateError(f"{path}: holds no certificate in PEM form ({error}). {_MEND}") from error
    found = Certificate(_names(first), first.not_valid_before_utc, first.not_valid_after_utc)
    if now > found.until:
        raise CertificateError(
            f"{path}: the certificate expired on {found.until:%Y-%m-%d %H:%M} UTC. Renew it, then start again"
        )
    if now < found.since:
        raise CertificateError(
            f"{path}: the certificate is not valid before {found.since:%Y-%m-%d %H:%M} UTC. "
            "Set this machine's clock, or wait"
        )
    return found


def server_context(tls: Tls) -> ssl.SSLContext:
    """A TLS 1.2+ context with the certificate and its key.

    Raises :class:`CertificateError` where the key is missing, encrypted under another password, or does not
    belong to the certificate.
    """
    assert tls.certificate is not None
    key = tls.key or tls.certificate
    pem = _read(key, "key")
    password = tls.key_password.get_secret_value() if tls.key_password else ""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        # An empty password, where none is set: OpenSSL would ask at the terminal and wait for ever.
        context.load_cert_chain(tls.certificate, key, password=lambda: password)
    except ssl.SSLError as error:
        raise CertificateError(f"{key}: {_reason(error, pem)}") from error
    return context


def _reason(error: ssl.SSLError, pem: bytes) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return "the key does not belong to the certificate. Name the key it was made with as tls.key"
    if b"ENCRYPTED" in pem:
        return "the key is encrypted under another password. Set it as MUSEUM_TWIN_TLS__KEY_PASSWORD"
    return f"holds no private key in PEM form ({error.reason or error}). Name its file as tls.key"


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CertificateError(f"{path}: there is no such {what}. {_MEND}") from error
    except OSError as error:
        raise CertificateError(
            f"{path}: the {what} cannot be read ({error.strerror}). Let the server's user read it"
        ) from error


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        stated = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    except x509.ExtensionNotFound:
        return ()
    names = stated.value
    assert isinstance(names, x509.SubjectAlternativeName)
    hosts = names.get_values_for_type(x509.DNSName)
    return (*hosts, *(str(address) for address in names.get_values_for_type(x509.IPAddress)))
