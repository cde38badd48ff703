"""Records on disk: SQLite with full-text search, a history per record, releases that are all or nothing."""
