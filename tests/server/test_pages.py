"""The pages on operations and on the API say what the server does."""

import re
import shlex
from pathlib import Path

import httpx
import pytest

from server.http.api import OPERATIONS
from server.metrics import PrometheusMetrics
from server.settle import reference
from tests.server.http.test_assets import HASH


def page(repository: Path, name: str) -> str:
    return (repository / "docs" / name).read_text("utf-8")


def test_the_table_of_settings_is_the_code_s(repository: Path) -> None:
    text = page(repository, "operations.md")
    (table,) = re.findall(r"<!-- settings.*?-->\n(.*?)\n<!-- end of settings -->", text, re.DOTALL)
    assert table == reference(), (
        'write it anew: python -c "from server.settle import reference; print(reference())"'
    )


def test_every_metric_on_the_page_is_one_that_is_counted(repository: Path) -> None:
    metrics = PrometheusMetrics()
    metrics.received("pose", 1)
    metrics.sent("delta", 1)
    metrics.timed("interest", 0.1)
    counted = metrics.page("")[0].decode()
    named = set(re.findall(r"`(twin_\w+)`", page(repository, "operations.md")))
    watched = {"twin_connections", "twin_sessions", "twin_sessions_parked"}
    watched |= {"twin_outbox_waiting", "twin_frames_waiting"}
    recognition = ("step", "artifacts", "views", "canaries", "rollbacks")
    watched |= {f"twin_recognition_{name}" for name in recognition}
    assert {name for name in named if name not in counted} <= watched
    types = set(re.findall(r"^# TYPE (twin_\w+)", counted, re.MULTILINE))
    assert types <= named


def test_every_operation_is_on_the_page(repository: Path) -> None:
    text = page(repository, "api.md")
    assert [op.path for op in OPERATIONS if f"`{op.path}" not in text] == []


@pytest.fixture
def requests(repository: Path) -> list[str]:
    (block,) = re.findall(r"^```\n(curl.*?)^```", page(repository, "api.md"), re.MULTILINE | re.DOTALL)
    return str(block).splitlines()


async def test_every_request_on_the_page_is_answered(requests: list[str], client: httpx.AsyncClient) -> None:
    assert len(requests) == 5
    for line in requests:
        words = shlex.split(line)
        headers = dict(words[n + 1].split(": ", 1) for n, word in enumerate(words) if word == "-H")
        if "-r" in words:
            headers["range"] = f"bytes={words[words.index('-r') + 1]}"
        path = words[-1].removeprefix("localhost:8080").replace("SHA256", HASH)
        answer = await client.get(path, headers=headers)
        assert answer.status_code == (206 if "-r" in words else 200), line


@pytest.mark.parametrize("name", ["operations.md", "api.md"])
def test_each_subject_has_its_page(name: str, repository: Path) -> None:
    assert page(repository, name).startswith("# ")
