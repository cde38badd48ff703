"""The catalog on disk, as the rest of the project sees it: read, search, explain, withdraw."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from assets.catalog.record import ArtifactRecord
from assets.catalog.row import Finding, Rejection
from assets.catalog.store.database import (
    StoreError,
    connect,
    connect_for_reading,
    empty_release,
    sweep,
    transaction,
    writer_lock,
)
from assets.catalog.store.encoding import decode_findings, decode_record, spaced
from assets.catalog.store.erasing import erase
from assets.catalog.store.staging import Staging, show_release
from assets.catalog.store.words import Duplicate, Lineage, RecordVersion, Release

DATABASE_NAME = "catalog.sqlite"

_SHOWN = "version.shows AND NOT EXISTS (SELECT 1 FROM duplicate WHERE merged AND duplicate.b = artifact.id)"


class Catalog:
    """The records of one museum's store. Use as a context manager; one per thread.

    ``folder`` is created where missing; with ``reading`` it must stand, and nothing is ever written.
    Raises :class:`StoreError` where it cannot be opened.
    """

    def __init__(self, folder: Path, *, reading: bool = False) -> None:
        self.folder = folder
        self._path = folder / DATABASE_NAME
        self._connection = connect_for_reading(self._path) if reading else connect(self._path)

    def __enter__(self) -> "Catalog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; using the catalog afterwards is an error."""
        self._connection.close()

    def limit_pages(self, pages: int) -> None:
        """Let the database grow to ``pages`` at most: a quota, so that it never fills the disk."""
        self._connection.execute(f"PRAGMA max_page_count = {pages:d}")

    @contextmanager
    def stage(self, source: str, *, partial: bool, started: str) -> Iterator[Staging]:
        """A release to write into; left without ``show`` or ``hold`` it is dropped.

        Raises :class:`StoreError` where another process is writing.
        """
        with writer_lock(self._path):
            sweep(self._connection)
            staging = Staging(self._connection, source, partial=partial, started=started)
            try:
                yield staging
            except sqlite3.Error as error:
                raise StoreError(
                    f"{self._path}: cannot be written ({error}); nothing was taken. Free space on the disk "
                    "or name another folder, then ingest again"
                ) from error
            finally:
                staging.abandon()
                sweep(self._connection)

    def record(self, artifact: str, *, shown_only: bool = False) -> ArtifactRecord | None:
        """The record as it stands now; ``shown_only``: ``None`` where visitors may not see it."""
        row = self._connection.execute(
            "SELECT record, sources FROM artifact JOIN version ON version.id = artifact.version "
            f"WHERE artifact.id = ? AND (NOT ? OR {_SHOWN})",
            (artifact, shown_only),
        ).fetchone()
        return decode_record(*row) if row else None

    def policy(self, artifact: str) -> dict[str, Any]:
        """The governance policy under which the record was taken."""
        row = self._connection.execute(
            "SELECT summary FROM artifact JOIN version ON version.id = artifact.version "
            "JOIN release ON release.id = version.release WHERE artifact.id = ?",
            (artifact,),
        ).fetchone()
        policy: dict[str, Any] = orjson.loads(row[0]).get("policy", {}) if row else {}
        return policy

    def records(self, *, source: str | None = None, shown_only: bool = False) -> Iterator[ArtifactRecord]:
        """Every record in order of its id; ``shown_only`` leaves out what visitors may not see."""
        for row in self._connection.cursor().execute(
            "SELECT record, sources FROM artifact JOIN version ON version.id = artifact.version "
            f"WHERE (?1 IS NULL OR source = ?1) AND (NOT ?2 OR {_SHOWN}) ORDER BY artifact.id",
            (source, shown_only),
        ):
            yield decode_record(*row)

    def count(self, *, source: str | None = None, shown_only: bool = False) -> int:
        """How many records there are."""
        (count,) = self._connection.execute(
            "SELECT count(*) FROM artifact JOIN version ON version.id = artifact.version "
            f"WHERE (?1 IS NULL OR source = ?1) AND (NOT ?2 OR {_SHOWN})",
            (source, shown_only),
        ).fetchone()
        return int(count)

    def changes(self) -> int:
        """A number that differs after any other connection has written; costs a few microseconds."""
        (number,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(number)

    def edition(self) -> str:
        """A word that changes whenever what visitors see of any record may have changed.

        Unlike :meth:`changes`, it stays the same while a release is being read.
        """
        current, withdrawn, merged = self._connection.execute(
            "SELECT (SELECT group_concat(id, '.') FROM (SELECT id FROM release WHERE state = 'current' "
            "ORDER BY id)), (SELECT count(*) FROM withdrawal), (SELECT count(*) FROM duplicate WHERE merged)"
        ).fetchone()
        return f"{current}-{withdrawn}-{merged}"

    def ids(self, *, after: str = "", limit: int) -> list[str]:
        """Ids of artifacts that visitors may see, in order, from the first behind ``after``."""
        rows = self._connection.execute(
            "SELECT artifact.id FROM artifact JOIN version ON version.id = artifact.version "
            f"WHERE artifact.id > ? AND {_SHOWN} ORDER BY artifact.id LIMIT ?",
            (after, limit),
        )
        return [artifact for (artifact,) in rows]

    def found(self, query: str, *, limit: int, skip: int = 0) -> list[str]:
        """Ids of artifacts that visitors may see whose words match all of ``query``, best first (BM25)."""
        match = _match(query)
        if not match:
            return []
        rows = self._connection.execute(
            "SELECT artifact.id FROM search JOIN version ON version.id = search.rowid "
            "JOIN artifact ON artifact.version = version.id AND artifact.id = version.artifact "
            f"WHERE search MATCH ? AND {_SHOWN} ORDER BY bm25(search, 8.0, 4.0, 1.0), artifact.id "
            "LIMIT ? OFFSET ?",
            (match, limit, skip),
        )
        return [artifact for (artifact,) in rows]

    def search(self, query: str, *, limit: int = 20) -> list[ArtifactRecord]:
        """Records that visitors may see whose words match all words of ``query``, best first (BM25)."""
        match = _match(query)
        if not match:
            return []
        rows = self._connection.execute(
            "SELECT record, sources FROM search JOIN version ON version.id = search.rowid "
            "JOIN artifact ON artifact.version = version.id AND artifact.id = version.artifact "
            f"WHERE search MATCH ? AND {_SHOWN} ORDER BY bm25(search, 8.0, 4.0, 1.0) LIMIT ?",
            (match, limit),
        ).fetchall()
        return [decode_record(*row) for row in rows]

    def decision(self, artifact: str) -> tuple[bool, str]:
        """May visitors see it, and why; raises :class:`StoreError` where there is no such artifact."""
        row = self._connection.execute(
            "SELECT shows, decision FROM artifact JOIN version ON version.id = artifact.version "
            "WHERE artifact.id = ?",
            (artifact,),
        ).fetchone()
        if row is None:
            raise StoreError(self._absence(artifact))
        return bool(row[0]), str(row[1] or "")

    def why(self, artifact: str, field: str) -> list[Lineage]:
        """Where the values of top-level ``field`` came from, newest release first.

        Raises :class:`StoreError` where there is no such artifact or it was withdrawn.
        """
        lineage = [
            entry
            for version in self.history(artifact)
            if version.record is not None
            for entry in _lineage(version, version.record, field)
        ]
        if not lineage and self.record(artifact) is None:
            raise StoreError(self._absence(artifact))
        return lineage

    def remarks(self, artifact: str, field: str) -> tuple[Finding, ...]:
        """What was noticed about top-level ``field`` when the record was last taken."""
        latest = self.history(artifact)[:1]
        return tuple(
            f for version in latest for f in version.findings if f.pointer.split("/")[1:2] == [field]
        )

    def history(self, artifact: str) -> list[RecordVersion]:
        """Every state the record was in, newest first; held releases included."""
        rows = self._connection.execute(
            "SELECT release.id, started, state, record, version.sources, findings FROM version "
            "JOIN release ON release.id = version.release WHERE artifact = ? AND state != 'staging' "
            "ORDER BY version.id DESC",
            (artifact,),
        ).fetchall()
        return [
            RecordVersion(
                release, started, state, decode_record(body, sources) if body else None,
                decode_findings(findings),
            )
            for release, started, state, body, sources, findings in rows
        ]  # fmt: skip

    def withdraw(self, artifact: str, reason: str, at: str) -> None:
        """Erase what is known of an artifact at its institution's wish, and refuse it from now on.

        All versions lose their content; only the identifier, the time and the reason stay. Raises
        :class:`StoreError` where the artifact was never here.
        """
        with writer_lock(self._path):
            if not self.history(artifact):
                raise StoreError(self._absence(artifact))
            with transaction(self._connection):
                erase(self._connection, artifact)
                self._connection.execute(
                    "INSERT OR REPLACE INTO withdrawal VALUES (?, ?, ?)", (artifact, at, reason)
                )
            # Deleted words stay in the search index's old segments until they are merged away.
            self._connection.execute("INSERT INTO search (search) VALUES ('optimize')")
            self._connection.execute("PRAGMA wal_checkpoint (TRUNCATE)")

    def withdrawals(self) -> dict[str, tuple[str, str]]:
        """Withdrawn artifact ids, each with the time and the reason."""
        rows = self._connection.execute("SELECT artifact, at, reason FROM withdrawal ORDER BY artifact")
        return {artifact: (at, reason) for artifact, at, reason in rows}

    def releases(self, source: str | None = None) -> list[Release]:
        """Releases of ``source`` (of all sources where ``None``), newest first."""
        rows = self._connection.execute(
            "SELECT id, source, state, started, files, partial, accepted, rejected, unchanged FROM release "
            "WHERE state != 'staging' AND (?1 IS NULL OR source = ?1) ORDER BY id DESC",
            (source,),
        ).fetchall()
        return [
            Release(number, origin, state, started, orjson.loads(files), bool(part), taken, refused, same)
            for number, origin, state, started, files, part, taken, refused, same in rows
        ]

    def summary(self, release: int) -> tuple[dict[str, Any], tuple[Finding, ...]]:
        """The summary stored with a release, and its alarms."""
        row = self._connection.execute(
            "SELECT summary, alarms FROM release WHERE id = ?", (release,)
        ).fetchone()
        if row is None:
            raise StoreError(f"{self._path}: there is no release {release}. `twin releases` lists them")
        return orjson.loads(row[0] or b"{}"), decode_findings(row[1])

    def decide(self, release: int, *, accept: bool) -> None:
        """Show a held release, or forget it. Raises :class:`StoreError` where it is not held."""
        with writer_lock(self._path):
            held = [r for r in self.releases() if r.id == release and r.state == "held"]
            if not held:
                raise StoreError(f"{self._path}: release {release} is not held. `twin releases` lists them")
            if accept:
                show_release(self._connection, release)
                return
            with transaction(self._connection):
                empty_release(self._connection, release)
                self._connection.execute(
                    "UPDATE release SET state = 'refused', summary = NULL WHERE id = ?", (release,)
                )

    def rejections(self, release: int) -> Iterator[Rejection]:
        """Rows of a release that were not taken, in the order they were read."""
        for row in self._connection.cursor().execute(
            "SELECT file, row, field, reason, remedy, raw FROM rejection WHERE release = ? ORDER BY rowid",
            (release,),
        ):
            yield Rejection(*row)

    def duplicate_blocks(
        self, release: int, *, largest_block: int
    ) -> Iterator[list[tuple[bool, dict[str, Any]]]]:
        """Groups of records in force that share a block key, at least one of them new in ``release``.

        Each record is its JSON without defaults, with whether it is new; new ones come last. Blocks of more
        than ``largest_block`` records tell nothing and are passed over.
        """
        # One pass in key order; version numbers only grow, so the release's own are those from its first.
        blocks = self._connection.cursor().execute(
            "SELECT group_concat(version) FROM block GROUP BY key HAVING count(*) BETWEEN 2 AND ?1 "
            "AND max(version) >= (SELECT min(id) FROM version WHERE release = ?2)",
            (largest_block, release),
        )
        for (members,) in blocks:
            rows = self._connection.execute(
                "SELECT version.release = ?, record FROM version JOIN artifact "
                "ON artifact.id = version.artifact AND artifact.version = version.id "
                f"WHERE version.id IN ({members}) ORDER BY version.id",
                (release,),
            ).fetchall()
            if len(rows) > 1:
                yield [(bool(new), orjson.loads(record)) for new, record in rows]

    def note_duplicates(self, pairs: Iterable[Duplicate]) -> None:
        """Keep reported pairs; a pair that is known keeps the higher score."""
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT INTO duplicate VALUES (?, ?, ?, ?, ?) ON CONFLICT (a, b) DO UPDATE SET "
                "score = excluded.score, reason = excluded.reason, merged = excluded.merged",
                [(p.a, p.b, p.score, p.reason, p.merged) for p in pairs],
            )

    def duplicates(self) -> list[Duplicate]:
        """Pairs that may be one artifact, likeliest first."""
        rows = self._connection.execute(
            "SELECT a, b, score, reason, merged FROM duplicate ORDER BY score DESC, a, b"
        )
        return [Duplicate(a, b, score, reason, bool(merged)) for a, b, score, reason, merged in rows]

    def _absence(self, artifact: str) -> str:
        withdrawal = self.withdrawals().get(artifact)
        if withdrawal:
            return f"{artifact}: withdrawn on {withdrawal[0]} ({withdrawal[1]})"
        return f"{artifact}: no such artifact in {self._path}. `twin search WORDS` finds identifiers"


def _match(query: str) -> str:
    words = [word.replace('"', '""') for word in query.replace("\0", " ").split()]
    return " AND ".join(f'"{spaced(word).strip()}"' for word in words)


def _lineage(version: RecordVersion, record: ArtifactRecord, field: str) -> Iterator[Lineage]:
    document = record.model_dump(mode="json", exclude={"provenance", "sources"})
    for pointer, origin in record.origins(field):
        known = origin.source < len(record.sources)
        yield Lineage(
            pointer=pointer,
            value=orjson.dumps(_value_at(document, pointer)).decode(),
            origin=origin,
            source=record.sources[origin.source] if known else None,
            release=version.release,
            started=version.started,
            findings=tuple(finding for finding in version.findings if finding.pointer == pointer),
        )


def _value_at(document: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document.get(step)
    return document
