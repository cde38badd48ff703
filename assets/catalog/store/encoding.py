"""Records and findings to the bytes of the ``version`` table, and back."""

from dataclasses import astuple
from hashlib import blake2b
from typing import Any

import orjson

from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Finding

_serializer = ArtifactRecord.__pydantic_serializer__


def encode_record(record: ArtifactRecord) -> tuple[bytes, bytes, bytes]:
    """The record's JSON without its row positions, those positions, and the digest of the former.

    A row inserted at the top of a file moves every row below it. Kept apart, positions do not make
    records look changed.
    """
    body = _serializer.to_json(record, exclude_defaults=True, exclude={"sources"})
    sources = orjson.dumps([(source.file, source.row) for source in record.sources])
    return body, sources, blake2b(body, digest_size=16).digest()


def decode_record(body: bytes, sources: bytes) -> ArtifactRecord:
    """The record again; raises ``pydantic.ValidationError`` where the store's bytes are not one."""
    fields: dict[str, Any] = orjson.loads(body)
    fields["sources"] = [{"file": file, "row": row} for file, row in orjson.loads(sources)]
    return ArtifactRecord.model_validate(fields)


def encode_findings(findings: tuple[Finding, ...]) -> bytes | None:
    """Findings as a JSON array of arrays; ``None`` for none."""
    return orjson.dumps([astuple(finding) for finding in findings]) if findings else None


def decode_findings(stored: bytes | None) -> tuple[Finding, ...]:
    """Findings again."""
    return tuple(Finding(*fields) for fields in orjson.loads(stored)) if stored else ()


def search_columns(record: ArtifactRecord) -> tuple[str, str, str]:
    """Title, maker and body text for full-text search."""
    title = " ".join([text.content for text in record.titles])
    maker = " ".join([maker.actor.name for maker in record.makers])
    body = [record.accession, record.medium or "", record.credit_line or "", record.department or ""]
    if record.produced is not None and record.produced.text:
        body.append(record.produced.text)
    for terms in (record.object_types, record.cultures, record.periods, record.subjects):
        if terms:
            body += [term.label for term in terms]
    if record.places:
        body += [place.name for place in record.places]
    if record.texts:
        body += [text.content for text in record.texts]
    return spaced(title), spaced(maker), spaced(" ".join(body))


def spaced(text: str) -> str:
    """``text`` with a space around every Han, kana and Hangul character.

    The tokenizer of SQLite's full-text search takes a run of them for one word; apart, each is found.
    """
    if text.isascii() or not any(_is_east_asian(character) for character in text):
        return text
    return "".join(f" {character} " if _is_east_asian(character) else character for character in text)


def _is_east_asian(character: str) -> bool:
    return (
        "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or ("\uac00" <= character <= "\ud7af" or "\U00020000" <= character <= "\U0003ffff")
    )
