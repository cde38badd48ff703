"""The SQLite file under a museum's store: its tables, its writer's lock, its recovery after a crash.

A record is never changed in place. Each release of a source writes new rows into ``version``; they
become visible together, in the one transaction that points ``artifact`` at them. A process killed before
that transaction leaves only rows of a release still marked ``staging``, which the next writer sweeps away.

``BEGIN IMMEDIATE`` is written out here and in the sibling modules (autocommit mode), so that what is one
transaction can be seen. Readers never wait for a writer (write-ahead log).
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LAYOUT_VERSION = 1
"""Kept in ``PRAGMA user_version``; a store of another layout is refused, never guessed at."""

PAGE_BYTES = 16_384
LOG_BYTES = 64 << 20
"""How far the write-ahead log grows before it is written back."""

_SCHEMA = """
CREATE TABLE release (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('staging', 'held', 'current', 'superseded', 'refused')),
    started TEXT NOT NULL,
    files TEXT NOT NULL,
    partial INTEGER NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    summary BLOB,
    alarms BLOB
);
CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    artifact TEXT NOT NULL,
    release INTEGER NOT NULL REFERENCES release (id),
    digest BLOB NOT NULL,
    record BLOB,
    sources BLOB,
    findings BLOB,
    shows INTEGER NOT NULL,
    decision TEXT
);
CREATE INDEX version_by_artifact ON version (artifact);
CREATE INDEX version_by_release ON version (release, artifact);
CREATE TABLE artifact (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES version (id),
    source TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX artifact_by_source ON artifact (source);
CREATE TABLE removal (
    release INTEGER NOT NULL REFERENCES release (id),
    artifact TEXT NOT NULL,
    PRIMARY KEY (release, artifact)
) WITHOUT ROWID;
CREATE TABLE rejection (
    release INTEGER NOT NULL REFERENCES release (id),
    file TEXT NOT NULL,
    row INTEGER NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    remedy TEXT NOT NULL,
    raw BLOB NOT NULL
);
CREATE INDEX rejection_by_release ON rejection (release);
CREATE TABLE withdrawal (
    artifact TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE block (
    key INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (key, version)
) WITHOUT ROWID;
CREATE TABLE duplicate (
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    score REAL NOT NULL,
    reason TEXT NOT NULL,
    merged INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE TABLE searchable (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    maker TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE VIRTUAL TABLE search USING fts5 (
    title, maker, body,
    content = 'searchable', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);
"""


class StoreError(Exception):
    """A store that cannot be opened or written; the message names the path and the remedy."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the catalog database at ``path``, creating it where missing.

    Raises :class:`StoreError` where the file is no catalog, is of another layout, or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        # Of a new store: a page holds some eight records, one of SQLite's usual 4 KiB would hold two.
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_BYTES // PAGE_BYTES}")
        _lay_out(connection, path)
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(f"{path}: cannot be opened as a catalog ({error}). Name another folder") from error
    return connection


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """Open the catalog that stands at ``path``, never writing to it and never waiting for a writer.

    Raises :class:`StoreError` where there is none, it is of another layout, or it cannot be read.
    """
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            timeout=5,
            check_same_thread=False,  # closed by another thread than the one that read
        )
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -65536")
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(
            f"{path}: cannot be read as a catalog ({error}). Name the museum's folder, or make one: "
            "twin sample build"
        ) from error
    _expect_layout(connection, version, path)
    return connection


def _lay_out(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {LAYOUT_VERSION}")
    connection.execute("COMMIT")
    _expect_layout(connection, version or LAYOUT_VERSION, path)


def _expect_layout(connection: sqlite3.Connection, version: int, path: Path) -> None:
    if version != LAYOUT_VERSION:
        connection.close()
        raise StoreError(
            f"{path}: has layout {version}, this program reads layout {LAYOUT_VERSION}. "
            "Use the program version that wrote it, or ingest anew into another folder"
        )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Hold the store's writer lock; the system frees it when the process ends, however it ends.

    Raises :class:`StoreError` at once where another process holds it.
    """
    with path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(
                f"{path}: another ingest is writing here. Wait until it has ended, then start this one again"
            ) from error
        yield


def sweep(connection: sqlite3.Connection) -> int:
    """Remove what a killed ingest left behind; returns the number of its records. Needs the writer lock."""
    left = [row[0] for row in connection.execute("SELECT id FROM release WHERE state = 'staging'")]
    swept = 0
    for release in left:
        with transaction(connection):
            swept += drop_release(connection, release)
    return swept


def drop_release(connection: sqlite3.Connection, release: int) -> int:
    """Delete a release that never became visible, inside the caller's transaction; returns its records."""
    dropped = empty_release(connection, release)
    connection.execute("DELETE FROM release WHERE id = ?", (release,))
    return dropped


def empty_release(connection: sqlite3.Connection, release: int) -> int:
    """Delete what a release holds but not that there was one; returns the number of its records."""
    for table, column in (("searchable", "id"), ("block", "version")):
        connection.execute(
            f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM version WHERE release = ?)", (release,)
        )
    dropped = connection.execute("DELETE FROM version WHERE release = ?", (release,)).rowcount
    for table in ("removal", "rejection"):
        connection.execute(f"DELETE FROM {table} WHERE release = ?", (release,))
    return dropped
