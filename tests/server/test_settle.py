"""Settings: what wins, where it came from, what is refused, what is never shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from server.settings import PREFIX, Settings
from server.settle import MASK, SettingError, parsed, settings_of, settle, shown, variable


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _, _ in settings_of(Settings()):
        monkeypatch.delenv(variable(name), raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "twin.toml"
    path.write_text('port = 1000\nname = "From the file"\n[http]\npage_records = 10\nread_s = 2.0\n')
    return path


def test_a_flag_wins_over_the_environment_which_wins_over_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEUM_TWIN_PORT", "2000")
    monkeypatch.setenv("MUSEUM_TWIN_HTTP__PAGE_RECORDS", "20")
    effective = settle({"port": 3000}, file)
    settings = effective.settings
    assert (settings.port, settings.http.page_records, settings.http.read_s) == (3000, 20, 2.0)
    assert effective.origin("port") == "flag"
    assert effective.origin("http.page_records") == "environment MUSEUM_TWIN_HTTP__PAGE_RECORDS"
    assert effective.origin("http.read_s") == f"file {file}"
    assert effective.origin("http.keep_alive_s") == "default"


def test_every_setting_can_be_given_in_each_of_the_three_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value, _ in settings_of(Settings()):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            monkeypatch.setenv(variable(name), str(value))
            assert settle({}).origin(name) == f"environment {variable(name)}"
            monkeypatch.delenv(variable(name))
            assert settle(dict([parsed(f"{name}={value}")])).origin(name) == "flag"


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, _, about in settings_of(Settings()) if len(about) < 10] == []


def test_lists_come_as_json_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSEUM_TWIN_HTTP__CORS_ORIGINS", '["https://a.example"]')
    assert settle({}).settings.http.cors_origins == ("https://a.example",)
    monkeypatch.setenv("MUSEUM_TWIN_HTTP__CORS_ORIGINS", "https://a.example")
    with pytest.raises(SettingError, match="JSON"):
        settle({})


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({"port": "tcp://10.0.0.1:80"}, r"port \(from flag\): 'tcp://10.0.0.1:80' .*integer"),
        ({"port": 70_000}, r"port .*65535"),
        ({"http.page_recods": 5}, r"http\.page_recods .*did you mean http\.page_records\?"),
        ({"nonsense": 5}, r"nonsense .*no such setting"),
        ({"http.read_s": -1}, r"http\.read_s .*greater than 0"),
        ({"http.read_s": float("inf")}, r"http\.read_s"),
        ({"public_url": "museum.example"}, r"public_url"),
        ({"tls.key": "key.pem"}, r"tls.*key without a certificate"),
        ({"logs.level": "loud"}, r"logs\.level .*'debug'"),
    ],
)
def test_a_wrong_value_is_told_with_its_name_its_origin_and_what_was_expected(
    flags: dict[str, object], told: str
) -> None:
    with pytest.raises(SettingError, match=told):
        settle(flags)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingError) as caught:
        settle({"port": "x", "drain_s": 0})
    assert len(str(caught.value).splitlines()) == 2


def test_a_variable_that_names_no_setting_is_reported_but_does_not_stop_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Kubernetes sets such variables for a service of that name.
    monkeypatch.setenv("MUSEUM_TWIN_SERVICE_HOST", "10.0.0.1")
    assert settle({}).unknown == ("MUSEUM_TWIN_SERVICE_HOST",)


@pytest.mark.parametrize(
    ("content", "told"),
    [("port = ", "is not TOML"), ("\xff", "is not TOML"), (None, "no such settings file")],
)
def test_a_file_that_cannot_be_read_is_told_with_its_name(
    content: str | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "twin.toml"
    if content is not None:
        path.write_bytes(content.encode("latin-1"))
    with pytest.raises(SettingError, match=told) as caught:
        settle({}, path)
    assert str(path) in str(caught.value)


def test_secrets_are_masked_wherever_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSEUM_TWIN_METRICS_TOKEN", "hush-hush")
    effective = settle({})
    assert effective.settings.metrics_token == SecretStr("hush-hush")
    text = "\n".join(effective.lines()) + repr(effective)
    assert "hush" not in text
    assert MASK in text


@pytest.mark.parametrize("name", ["metrics_token", "tls.key_password"])
def test_a_secret_that_is_taken_for_a_number_is_not_told_in_the_error(name: str) -> None:
    with pytest.raises(SettingError) as caught:
        settle(dict([parsed(f"{name}=471147")]))
    assert name in str(caught.value)
    assert "471147" not in str(caught.value)


def test_one_line_tells_each_setting() -> None:
    lines = settle({}).lines()
    assert [line.split(" ")[0] for line in lines] == [name for name, _, _ in settings_of(Settings())]


def test_variables_share_one_prefix() -> None:
    assert {variable(name)[: len(PREFIX)] for name, _, _ in settings_of(Settings())} == {PREFIX}


@pytest.mark.parametrize("text", ["port", "=1", " = 1"])
def test_an_assignment_needs_a_name_and_an_equals_sign(text: str) -> None:
    with pytest.raises(SettingError, match="NAME=VALUE"):
        parsed(text)


@given(st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_value_that_is_shown_can_be_given_again(value: object) -> None:
    assert parsed(f"x={shown(value)}") == ("x", value)
