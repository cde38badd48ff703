"""Where a value of a record came from, in a line a visitor can be shown. Pure."""

from assets.catalog.record import ArtifactRecord


def cited(record: ArtifactRecord, pointer: str) -> tuple[str, str]:
    """File, row and field of the value at a JSON Pointer; then the address to read on, if there is one.

    The record's own identifier where nothing finer is kept.
    """
    origin = record.origin(pointer)
    if origin is None or origin.source >= len(record.sources):
        return record.id, ""
    source = record.sources[origin.source]
    row = f" row {source.row}" if source.row else ""
    address = source.file if source.file.startswith(("http://", "https://")) else ""
    return f"{source.file}{row}, {origin.field}", address
