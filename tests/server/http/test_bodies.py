"""Bodies are written once a record object and shape, and never answered for another."""

from assets.catalog.record import ArtifactRecord
from server.http.bodies import LARGEST, Bodies, Body

RECORD = ArtifactRecord(id="made:1", accession="1", institution="made")
SHAPE = ("application/json", "http://museum")


def test_a_body_is_written_once_for_a_record_and_a_shape() -> None:
    bodies, written = Bodies(), list[str]()

    def write(name: str) -> bytes:
        written.append(name)
        return name.encode()

    for shape in (SHAPE, SHAPE, ("application/json", "https://elsewhere"), SHAPE):
        assert bodies.of(RECORD, shape, lambda shape=shape: write(shape[1])).content == shape[1].encode()  # type: ignore[misc]
    assert written == ["http://museum", "https://elsewhere"]


def test_another_state_of_the_same_artifact_has_a_body_of_its_own() -> None:
    bodies = Bodies()
    assert bodies.of(RECORD, SHAPE, lambda: b"before").content == b"before"
    changed = RECORD.model_copy(update={"accession": "2"})
    assert bodies.of(changed, SHAPE, lambda: b"after").content == b"after"


def test_what_is_kept_is_bounded_in_number_and_size() -> None:
    bodies = Bodies(kept=2)
    records = [RECORD.model_copy(update={"id": f"made:{number}"}) for number in range(3)]
    for record in records:
        bodies.of(record, SHAPE, lambda: b"first")
    assert [bodies.of(record, SHAPE, lambda: b"again").content for record in reversed(records)] == [
        b"first", b"first", b"again"
    ]  # fmt: skip
    huge = bytes(LARGEST + 1)
    bodies.of(records[0], SHAPE, lambda: huge)
    other = RECORD.model_copy()
    bodies.of(other, SHAPE, lambda: huge)
    assert bodies.of(other, SHAPE, lambda: b"small").content == b"small"


def test_the_tag_is_that_of_the_bytes() -> None:
    assert Body.of(b"a").etag == Body.of(b"a").etag != Body.of(b"b").etag
