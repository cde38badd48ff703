"""Writing one release of a source: staged out of sight, then shown in one transaction, or held."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import orjson

from assets.catalog.row import Finding, Rejection
from assets.catalog.store.database import drop_release, transaction
from assets.catalog.store.encoding import encode_findings, encode_record, search_columns
from assets.catalog.store.words import LOST_LIMIT, Entry, Membership, Renumbered

_LOST = "FROM artifact WHERE source = ? AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.artifact = artifact.id)"

_RENUMBERED = """
CREATE TEMP TABLE renumbered AS
SELECT artifact.id AS artifact, json_extract(CAST(before.record AS TEXT), '$.accession') AS was,
    seen.accession AS now
FROM version AS fresh
JOIN artifact ON artifact.id = fresh.artifact
JOIN version AS before ON before.id = artifact.version
JOIN seen ON seen.artifact = artifact.id
WHERE fresh.release = ? AND artifact.source = ? AND before.record IS NOT NULL AND was != now
"""

COMMIT_EVERY = 20_000
"""Records a transaction: rows that land on one page of an index are then written once, not once a batch."""


class Staging:
    """One release being read. Nothing of it is visible before ``show``."""

    def __init__(self, connection: sqlite3.Connection, source: str, *, partial: bool, started: str) -> None:
        self._connection = connection
        self._source = source
        self._partial = partial
        connection.execute("DROP TABLE IF EXISTS temp.seen")
        connection.execute(
            "CREATE TEMP TABLE seen (artifact TEXT PRIMARY KEY, accession TEXT NOT NULL) WITHOUT ROWID"
        )
        connection.execute("DROP TABLE IF EXISTS temp.fresh_block")
        connection.execute("CREATE TEMP TABLE fresh_block (key INTEGER NOT NULL, version INTEGER NOT NULL)")
        with transaction(connection):
            self.release = int(
                connection.execute(
                    "INSERT INTO release (source, state, started, files, partial) "
                    "VALUES (?, 'staging', ?, '{}', ?)",
                    (source, started, partial),
                ).lastrowid
                or 0
            )
            (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM version").fetchone()
            (self._any_shown,) = connection.execute("SELECT EXISTS (SELECT 1 FROM artifact)").fetchone()
            (self._any_withdrawn,) = connection.execute("SELECT EXISTS (SELECT 1 FROM withdrawal)").fetchone()
        self._next_version = int(last) + 1
        self._uncommitted = 0
        self.accepted = 0
        self.unchanged = 0
        self.rejected = 0

    def add(self, entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
        """Stage ``entries``; returns those not taken, each with the reason.

        Not taken are identifiers that this release already holds and those an institution has withdrawn.
        """
        refused: list[tuple[Entry, str]] = []
        self._begin()
        fresh = self._unseen(entries, refused)
        stored = self._stored_digests([entry.record.id for entry in fresh])
        self._insert(fresh, stored)
        self.accepted += len(fresh)
        self._uncommitted += len(entries)
        if self._uncommitted >= COMMIT_EVERY:
            self.flush()
        return refused

    def reject(self, rejections: Iterable[Rejection]) -> None:
        """Keep rows that were not taken, with their reasons and original bytes."""
        rows = [(self.release, r.file, r.row, r.field, r.reason, r.remedy, r.raw) for r in rejections]
        self._begin()
        self._connection.executemany("INSERT INTO rejection VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        self.rejected += len(rows)

    def flush(self) -> None:
        """Write out what was staged so far."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        self._uncommitted = 0

    def abandon(self) -> None:
        """Undo what was not written out yet."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")

    def membership(self) -> Membership:
        """Compare the release's identifiers with those of its source that are shown now."""
        self.flush()
        query = self._connection.execute
        with transaction(self._connection):
            # In key order, every page of the index is written once.
            query("INSERT INTO block SELECT key, version FROM fresh_block ORDER BY key, version")
            query("DELETE FROM fresh_block")
        added, changed = query(
            "SELECT count(*) FILTER (WHERE artifact.id IS NULL), count(artifact.id) "
            "FROM version LEFT JOIN artifact ON artifact.id = version.artifact WHERE release = ?",
            (self.release,),
        ).fetchone()
        removed = 0 if self._partial else query(f"SELECT count(*) {_LOST}", (self._source,)).fetchone()[0]
        names = query(f"SELECT id {_LOST} ORDER BY id LIMIT ?", (self._source, LOST_LIMIT)) if removed else ()
        return Membership(added, changed, self.unchanged, removed, tuple(name for (name,) in names))

    def renumbered(self) -> Iterator[Renumbered]:
        """Records whose accession number changed under an unchanged id, by their new number."""
        run = self._connection.execute
        run("DROP TABLE IF EXISTS temp.renumbered")
        run(_RENUMBERED, (self.release, self._source))
        if run("SELECT 1 FROM renumbered LIMIT 1").fetchone() is None:
            return
        run("CREATE INDEX temp.seen_by_accession ON seen (accession)")
        for artifact, was, now, gone, bearers in self._connection.cursor().execute(
            "SELECT artifact, was, now, NOT EXISTS (SELECT 1 FROM seen WHERE accession = was), "
            "(SELECT count(*) FROM seen WHERE accession = now) FROM renumbered ORDER BY now, artifact"
        ):
            yield Renumbered(artifact, was, now, bool(gone), bearers)

    def has(self, artifacts: Iterable[str]) -> set[str]:
        """Which of ``artifacts`` this release holds."""
        return self._among("SELECT artifact FROM seen WHERE artifact IN", artifacts)

    def finish(self, files: dict[str, str], summary: dict[str, Any], alarms: tuple[Finding, ...]) -> None:
        """Write down what was read, and which records the release lacks."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE release SET files = ?, summary = ?, alarms = ?, accepted = ?, rejected = ?, "
                "unchanged = ? WHERE id = ?",
                (
                    orjson.dumps(files).decode(),
                    orjson.dumps(summary, option=orjson.OPT_NON_STR_KEYS),
                    encode_findings(alarms),
                    self.accepted, self.rejected, self.unchanged, self.release,
                ),
            )  # fmt: skip
            if not self._partial:
                self._connection.execute(
                    f"INSERT INTO removal SELECT ?, id {_LOST}", (self.release, self._source)
                )

    def hold(self) -> None:
        """Keep the release out of sight until a person decides."""
        with transaction(self._connection):
            self._connection.execute("UPDATE release SET state = 'held' WHERE id = ?", (self.release,))

    def show(self) -> None:
        """Make the release what visitors and researchers see, all of it at once."""
        show_release(self._connection, self.release)

    def drop(self) -> None:
        """Forget the release."""
        with transaction(self._connection):
            drop_release(self._connection, self.release)

    def _unseen(self, entries: Sequence[Entry], refused: list[tuple[Entry, str]]) -> list[Entry]:
        ids = [entry.record.id for entry in entries]
        seen = self.has(ids)
        withdrawn: set[str] = set()
        if self._any_withdrawn:
            withdrawn = self._among("SELECT artifact FROM withdrawal WHERE artifact IN", ids)
        fresh: list[Entry] = []
        for entry in entries:
            identifier = entry.record.id
            if identifier in withdrawn:
                refused.append((entry, "withdrawn by its institution"))
            elif identifier in seen:
                refused.append((entry, f"the identifier {identifier!r} stands in an earlier row"))
            else:
                seen.add(identifier)
                fresh.append(entry)
        self._connection.executemany(
            "INSERT INTO seen VALUES (?, ?)", [(e.record.id, e.record.accession) for e in fresh]
        )
        return fresh

    def _stored_digests(self, ids: Sequence[str]) -> dict[str, bytes]:
        if not self._any_shown:
            return {}
        marks = ",".join("?" * len(ids))
        return dict(
            self._connection.execute(
                "SELECT artifact.id, version.digest FROM artifact "
                f"JOIN version ON version.id = artifact.version WHERE artifact.id IN ({marks})",
                ids,
            ).fetchall()
        )

    def _insert(self, entries: Sequence[Entry], stored: dict[str, bytes]) -> None:
        versions, texts, blocks = [], [], []
        release = self.release
        for entry in entries:
            record = entry.record
            body, sources, digest = encode_record(record)
            if stored.get(record.id) == digest:
                self.unchanged += 1
                continue
            version = self._next_version
            self._next_version += 1
            findings = encode_findings(entry.findings)
            versions.append(
                (version, record.id, release, digest, body, sources, findings, entry.shows, entry.decision)
            )
            texts.append((version, *search_columns(record)))
            blocks += [(key, version) for key in set(entry.blocks)]
        self._connection.executemany("INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", versions)
        self._connection.executemany("INSERT INTO searchable VALUES (?, ?, ?, ?)", texts)
        self._connection.executemany("INSERT INTO fresh_block VALUES (?, ?)", blocks)

    def _among(self, query: str, artifacts: Iterable[str]) -> set[str]:
        found: set[str] = set()
        names = iter(artifacts)
        while chunk := list(islice(names, 5000)):
            marks = ",".join("?" * len(chunk))
            found.update(name for (name,) in self._connection.execute(f"{query} ({marks})", chunk))
        return found


def show_release(connection: sqlite3.Connection, release: int) -> None:
    """Point every artifact at the release's versions, in one transaction."""
    with transaction(connection):
        run = connection.execute
        (source,) = run("SELECT source FROM release WHERE id = ?", (release,)).fetchone()
        named = {"release": release, "source": source}
        run("CREATE TEMP TABLE leaving (version INTEGER PRIMARY KEY)")
        run(
            "INSERT INTO leaving SELECT artifact.version FROM artifact WHERE artifact.id IN "
            "(SELECT artifact FROM version WHERE release = :release UNION ALL "
            "SELECT artifact FROM removal WHERE release = :release)",
            named,
        )
        run(
            "INSERT INTO search (search, rowid, title, maker, body) SELECT 'delete', id, title, maker, body "
            "FROM searchable WHERE id IN leaving"
        )
        run("DELETE FROM searchable WHERE id IN leaving")
        if run("SELECT 1 FROM leaving LIMIT 1").fetchone():
            run("DELETE FROM block WHERE version IN leaving")
        run("DROP TABLE leaving")
        run("DELETE FROM artifact WHERE id IN (SELECT artifact FROM removal WHERE release = :release)", named)
        run(
            "INSERT INTO artifact (id, version, source) "
            "SELECT artifact, id, :source FROM version WHERE release = :release AND artifact NOT IN "
            "(SELECT artifact FROM withdrawal) "
            "ON CONFLICT (id) DO UPDATE SET version = excluded.version, source = excluded.source",
            named,
        )
        run(
            "INSERT INTO search (rowid, title, maker, body) SELECT id, title, maker, body FROM searchable "
            "WHERE id IN (SELECT id FROM version WHERE release = :release)",
            named,
        )
        run("UPDATE release SET state = 'superseded' WHERE source = :source AND state = 'current'", named)
        run("UPDATE release SET state = 'current' WHERE id = :release", named)
