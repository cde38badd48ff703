"""Erasing what the store holds of one artifact: versions, search index, duplicates, rejects, reports."""

import sqlite3

import orjson

from assets.catalog.governance.columns import without_examples
from assets.catalog.governance.quality import QualityReport, without_artifact


def erase(connection: sqlite3.Connection, artifact: str) -> None:
    """Erase the content of every version, inside the caller's transaction; that there were versions stays.

    Freed pages are overwritten (``secure_delete``). Values of its source's columns that were kept as
    examples go too: whose they are is not known.
    """
    run = connection.execute
    run("PRAGMA secure_delete = ON")
    mine = "(SELECT id FROM version WHERE artifact = ?)"
    run(
        "INSERT INTO search (search, rowid, title, maker, body) "
        "SELECT 'delete', id, title, maker, body FROM searchable "
        "WHERE id = (SELECT version FROM artifact WHERE id = ?)",
        (artifact,),
    )
    run(f"DELETE FROM searchable WHERE id IN {mine}", (artifact,))
    run(f"DELETE FROM block WHERE version IN {mine}", (artifact,))
    run("DELETE FROM artifact WHERE id = ?", (artifact,))
    run("DELETE FROM duplicate WHERE ? IN (a, b)", (artifact,))
    run("UPDATE rejection SET raw = x'' WHERE instr(reason, ?)", (repr(artifact),))
    _clean_summaries(connection, artifact)
    run(
        "UPDATE version SET record = NULL, sources = NULL, findings = NULL, shows = 0, "
        "decision = 'withdrawn' WHERE artifact = ?",
        (artifact,),
    )


def _clean_summaries(connection: sqlite3.Connection, artifact: str) -> None:
    stored = connection.execute(
        "SELECT id, summary, alarms FROM release WHERE summary IS NOT NULL AND source IN "
        "(SELECT source FROM release JOIN version ON version.release = release.id WHERE artifact = ?)",
        (artifact,),
    ).fetchall()
    for release, summary, alarms in stored:
        document = orjson.loads(summary)
        document["columns"] = without_examples(document["columns"])
        report = without_artifact(QualityReport.model_validate(document["report"]), artifact)
        document["report"] = report.model_dump()
        texts = [[*alarm[:4], "", *alarm[5:]] for alarm in orjson.loads(alarms or b"[]")]
        connection.execute(
            "UPDATE release SET summary = ?, alarms = ? WHERE id = ?",
            (orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS), orjson.dumps(texts), release),
        )
