"""JSON Schema (draft 2020-12) of the artifact record, generated from the models.

``docs/schema/artifact-record.json`` is a committed copy for those who validate without Python; a test
compares the two.
"""

from typing import Any, Final

from assets.catalog.record import SCHEMA_VERSION, ArtifactRecord

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
IDENTIFIER: Final = f"urn:museum-twin:schema:artifact-record:{SCHEMA_VERSION}"


def record_schema() -> dict[str, Any]:
    """The schema of a record as it is serialized to JSON."""
    generated = ArtifactRecord.model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": IDENTIFIER, **generated}
