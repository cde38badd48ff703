import json
from pathlib import Path

import pytest

from inference.manifest import ManifestError, read_manifest, verified_weights


def test_a_manifest_reads_back_as_it_was_written(model: Path, tmp_path: Path) -> None:
    manifest = read_manifest(model)
    assert read_manifest(manifest.write(tmp_path)) == manifest


def test_identity_follows_what_computes_and_not_what_is_said_about_it(model: Path) -> None:
    manifest = read_manifest(model)
    assert manifest.model_copy(update={"remarks": "measured again"}).identity == manifest.identity
    padded = manifest.preprocessing.model_copy(update={"padding": (0, 0, 0)})
    assert manifest.model_copy(update={"preprocessing": padded}).identity != manifest.identity
    assert manifest.model_copy(update={"sha256": "0" * 64}).identity != manifest.identity


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("format", 2, "format: Input should be 1"),
        ("dimension", 32, "expected float32 (None, 32)"),
        ("weights", "../elsewhere.onnx", "weights: String should match pattern"),
        ("surprise", 1, "surprise: Extra inputs are not permitted"),
        ("preprocessing", {"size": 96}, "the preprocessing makes uint8 (None, 96, 96, 3)"),
    ],
)
def test_a_manifest_that_breaks_the_contract_is_refused_by_field(
    model: Path, key: str, value: object, told: str
) -> None:
    model.write_text(json.dumps(json.loads(model.read_text()) | {key: value}))
    with pytest.raises(ManifestError, match="export the model again") as refused:
        read_manifest(model)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "shape", [[None, None, 4, 3], [None, 4, None, 3], [None, 4, 4, None], [None, 4, 0, 3], [None, 4, 3]]
)
def test_places_without_a_number_of_rows_columns_or_channels_are_refused(
    model: Path, shape: list[int | None]
) -> None:
    places = {"name": "places", "dtype": "float32", "shape": shape}
    model.write_text(json.dumps(json.loads(model.read_text()) | {"places": places}))
    with pytest.raises(ManifestError, match=r"\(None, rows, columns, channels\) with numbers for all three"):
        read_manifest(model)


def test_a_missing_manifest_and_damaged_weights_are_told(model: Path) -> None:
    with pytest.raises(ManifestError, match=r"no manifest can be read there.*`twin index --model`"):
        read_manifest(model.with_name("elsewhere.json"))
    manifest = read_manifest(model)
    with pytest.raises(ManifestError, match=rf"named by its manifest.*: {model.name}$"):
        read_manifest(model.parent / manifest.weights)
    weights = model.parent / manifest.weights
    whole = weights.read_bytes()
    assert verified_weights(model, manifest) == whole
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ManifestError, match="damaged or another one"):
        verified_weights(model, manifest)
    weights.unlink()
    with pytest.raises(ManifestError, match="cannot be read"):
        verified_weights(model, manifest)
