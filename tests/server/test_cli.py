"""``twin serve``: what it prints, and what it refuses with a remedy."""

import io
import re
from pathlib import Path

import pytest
import segno
from typer.testing import CliRunner, Result

from server.addresses import addresses_of
from server.cli import _announce
from server.settings import Settings, Tls
from server.settle import settings_of
from twin import app


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["serve", *map(str, arguments)])


def test_check_prints_every_setting_with_its_origin_and_tries_store_and_port(built_store: Path) -> None:
    told = run("--store", built_store, "--check", "--port", "0", "--set", "live.idle_s=60")
    assert told.exit_code == 0, told.output
    assert re.search(r"^live\.idle_s +=  ?60\.0 +flag$", told.output, re.MULTILINE)
    assert [name for name, _, _ in settings_of(Settings()) if f"{name} " not in told.output] == []
    assert "store, certificate and port can be used" in told.output


def test_check_masks_secrets(built_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSEUM_TWIN_METRICS_TOKEN", "hush-hush")
    told = run("--store", built_store, "--check", "--port", "0")
    assert "hush" not in told.output
    assert "environment MUSEUM_TWIN_METRICS_TOKEN" in told.output


def test_check_tells_all_that_stands_in_the_way(tmp_path: Path, taken: int) -> None:
    told = run(
        "--store", tmp_path / "none", "--check", "--host", "127.0.0.1", "--port", str(taken),
        "--tls-certificate", tmp_path / "none.pem",
    )  # fmt: skip
    assert told.exit_code == 1
    for fault in ("holds no catalog", "there is no such certificate", f"port {taken} is taken"):
        assert fault in told.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--port", "0", "--set", "live.idle=5"), "did you mean live.idle_s?"),
        (("--set", "port"), "expected NAME=VALUE"),
        (("--config", "none.toml"), "there is no such settings file"),
        (("--store", "none"), "holds no catalog"),
        (("--port", "0", "--set", "web_client=none"), "holds no index.html"),
    ],
)
def test_what_cannot_work_is_told_in_one_sentence_without_a_traceback(
    arguments: tuple[str, ...], told: str, built_store: Path
) -> None:
    ended = run("--store", built_store, *arguments)
    assert ended.exit_code == 1
    assert ended.output.startswith("error: ")
    assert told in ended.output
    assert "Traceback" not in ended.output


def test_a_taken_port_ends_the_start(built_store: Path, taken: int) -> None:
    ended = run("--store", built_store, "--host", "127.0.0.1", "--port", str(taken))
    assert ended.exit_code == 1
    assert f"port {taken} is taken" in ended.output


def test_a_variable_that_names_no_setting_is_a_warning(
    built_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEUM_TWIN_PROT", "1")
    told = run("--store", built_store, "--check", "--port", "0")
    assert told.exit_code == 0
    assert "warning: MUSEUM_TWIN_PROT names no setting" in told.output


@pytest.mark.parametrize(
    ("settings", "last"),
    [
        (Settings(host="127.0.0.1", port=80), "http://localhost"),
        (Settings(host="127.0.0.1", port=8080), "http://localhost:8080"),
        (Settings(host="192.0.2.5", tls=Tls(certificate=Path("c.pem"))), "https://192.0.2.5:8080"),
        (Settings(host="2001:db8::1"), "http://[2001:db8::1]:8080"),
        (Settings(public_url="https://twin.example"), "https://twin.example"),
    ],
)
def test_the_last_address_is_the_one_for_phones(settings: Settings, last: str) -> None:
    assert list(addresses_of(settings, settings.port))[-1][1] == last


def test_the_address_for_phones_is_printed_as_a_code_too(capsys: pytest.CaptureFixture[str]) -> None:
    drawn = io.StringIO()
    segno.make("https://twin.example", error="m").terminal(drawn, compact=True)
    for with_qr in (True, False):
        _announce(Settings(public_url="https://twin.example"), 8080, with_qr=with_qr)
        printed = capsys.readouterr().out
        assert "https://twin.example" in printed
        assert (drawn.getvalue() in printed) is with_qr
