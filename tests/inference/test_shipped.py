from pathlib import Path

import pytest
from typer.testing import CliRunner

import twin
from inference.manifest import ManifestError, read_manifest, small_of
from inference.runtime.home import Home, Models
from inference.runtime.recognizer import Recognizer
from inference.shipped import shipped_model

LARGEST = 12_000_000


def test_the_shipped_model_serves_and_is_small() -> None:
    path = shipped_model()
    told = read_manifest(path)
    assert told.bytes <= LARGEST
    assert Recognizer.load(path).prove_parity() >= told.parity.least_cosine


def test_the_shipped_model_serves_at_a_smaller_input_from_the_same_file() -> None:
    path = shipped_model()
    small = small_of(path)
    assert small is not None
    told, whole = read_manifest(small), read_manifest(path)
    assert told.sha256 == whole.sha256
    assert told.preprocessing.size < whole.preprocessing.size
    assert Recognizer.load(small).prove_parity() >= told.parity.least_cosine


def test_without_a_choice_a_museum_is_served_by_both_sizes_of_the_shipped_model(tmp_path: Path) -> None:
    assert Home(tmp_path).models() == Models(shipped_model(), small=small_of(shipped_model()))


def test_the_shipped_model_tells_nothing_of_the_machine_that_made_it() -> None:
    weights = shipped_model().with_suffix("").read_bytes()
    assert b"site-packages" not in weights
    assert b".py" not in weights


def test_index_and_recognize_use_the_shipped_model(tmp_path: Path) -> None:
    from tests.inference.conftest import encoded, picture

    for number in range(2):
        (tmp_path / f"{number}.png").write_bytes(encoded(picture(number)))
    (tmp_path / "labels.csv").write_text("file,artifact\n0.png,urn:one\n1.png,urn:two\n")
    index = str(tmp_path / "index")
    runner = CliRunner()
    made = runner.invoke(twin.app, ["index", str(tmp_path / "labels.csv"), "--index", index])
    assert made.exit_code == 0, made.output
    asked = runner.invoke(twin.app, ["recognize", str(tmp_path / "1.png"), "--index", index])
    assert asked.exit_code == 0, asked.output
    assert "urn:two (" in asked.output


@pytest.mark.parametrize("names", [(), ("a", "b")])
def test_no_model_or_two_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / f"{name}.onnx.json").write_text("{}")
    with pytest.raises(ManifestError, match=f"{len(names)} models"):
        shipped_model(tmp_path)
