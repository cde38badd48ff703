"""``python -m server.protocol`` writes ``docs/protocol.md`` and ``docs/schema/protocol.json``."""

import json
from pathlib import Path

from server.protocol.reference import reference
from server.protocol.schema import describe

PAGE = "docs/protocol.md"
SCHEMA = "docs/schema/protocol.json"


def pages() -> dict[str, str]:
    """What the files under the project's root should hold."""
    schema = describe()
    return {
        PAGE: reference(schema),
        SCHEMA: json.dumps(schema.as_json(), indent=1, ensure_ascii=False) + "\n",
    }


if __name__ == "__main__":
    for name, text in pages().items():
        Path(name).write_text(text, encoding="utf-8")
