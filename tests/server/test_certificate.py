"""Certificates: those that work, and for each that does not, the file and the remedy."""

import asyncio
import os
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from server.app import Twin
from server.certificate import CertificateError, read_certificate, server_context
from server.listener import listen
from server.settings import Http, Settings, Tls

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def certificate(
    folder: Path, *, until: datetime, since: datetime | None = None, password: bytes = b""
) -> Tls:
    """A self-signed certificate for localhost, its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "twin")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(since or until - timedelta(days=90))
        .not_valid_after(until)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    cipher = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(signed.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, cipher))
    return Tls(certificate=folder / "cert.pem", key=folder / "key.pem")


def test_a_certificate_tells_its_names_and_how_long_it_holds(tmp_path: Path) -> None:
    found = read_certificate(certificate(tmp_path, until=NOW + timedelta(days=30)), NOW)
    assert found.names == ("localhost", "127.0.0.1")
    assert found.remaining(NOW) == timedelta(days=30)


def test_an_expired_certificate_is_told_with_the_day_it_ended(tmp_path: Path) -> None:
    tls = certificate(tmp_path, until=NOW - timedelta(days=1))
    with pytest.raises(CertificateError, match=r"cert\.pem: the certificate expired on 2026-05-31.*Renew"):
        read_certificate(tls, NOW)


def test_a_certificate_of_tomorrow_points_at_the_clock(tmp_path: Path) -> None:
    tls = certificate(tmp_path, since=NOW + timedelta(days=1), until=NOW + timedelta(days=9))
    with pytest.raises(CertificateError, match=r"not valid before 2026-06-02.*clock"):
        read_certificate(tls, NOW)


def test_a_certificate_that_is_not_there_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match=r"none\.pem: there is no such certificate"):
        read_certificate(Tls(certificate=tmp_path / "none.pem"), NOW)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator can read every file")
def test_a_certificate_that_may_not_be_read_asks_for_leave(tmp_path: Path) -> None:
    tls = certificate(tmp_path, until=NOW + timedelta(days=1))
    (tmp_path / "cert.pem").chmod(0)
    with pytest.raises(CertificateError, match=r"cannot be read.*Let the server's user read it"):
        read_certificate(tls, NOW)


def test_a_folder_in_place_of_a_certificate_is_told(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="cannot be read"):
        read_certificate(Tls(certificate=tmp_path), NOW)


def test_a_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("hello")
    with pytest.raises(CertificateError, match=r"cert\.pem: holds no certificate in PEM form"):
        read_certificate(Tls(certificate=tmp_path / "cert.pem"), NOW)


def test_a_key_that_is_not_the_certificates_own_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = certificate(tmp_path / "a", until=NOW + timedelta(days=9))
    other = certificate(tmp_path / "b", until=NOW + timedelta(days=9))
    with pytest.raises(CertificateError, match=r"b/key\.pem: the key does not belong to the certificate"):
        server_context(Tls(certificate=one.certificate, key=other.key))


def test_an_encrypted_key_asks_for_its_password_by_name_and_opens_with_it(tmp_path: Path) -> None:
    tls = certificate(tmp_path, until=NOW + timedelta(days=9), password=b"open")
    for wrong in (None, SecretStr("shut")):
        with pytest.raises(CertificateError, match="MUSEUM_TWIN_TLS__KEY_PASSWORD"):
            server_context(tls.model_copy(update={"key_password": wrong}))
    server_context(tls.model_copy(update={"key_password": SecretStr("open")}))


def test_a_file_without_a_key_is_told(tmp_path: Path) -> None:
    tls = certificate(tmp_path, until=NOW + timedelta(days=9))
    with pytest.raises(CertificateError, match=r"cert\.pem: holds no private key"):
        server_context(Tls(certificate=tls.certificate))


async def test_pages_come_over_tls_with_the_word_to_stay_with_it_and_who_never_greets_is_cut_off(
    built_store: Path, tmp_path: Path
) -> None:
    tls = await asyncio.to_thread(certificate, tmp_path, until=datetime.now(UTC) + timedelta(days=9))
    context = await asyncio.to_thread(server_context, tls)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    sockets = await asyncio.to_thread(listen, "127.0.0.1", 0)
    twin = Twin(
        Settings(store=built_store, host="127.0.0.1", tls=tls, http=Http(header_s=1.0)), sockets, context
    )
    task = asyncio.create_task(twin.run())
    trusted = await asyncio.to_thread(lambda: ssl.create_default_context(cafile=tls.certificate))
    async with httpx.AsyncClient(verify=trusted, trust_env=False) as client:
        answer = await client.get(f"https://localhost:{twin.port}/")
        assert answer.status_code == 200
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert f"wss://localhost:{twin.port}" in answer.text
    silent, writer = await asyncio.open_connection("127.0.0.1", twin.port)
    with suppress(ConnectionResetError):
        assert await silent.read() == b""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    twin.stop()
    await task
