"""The catalog: records, their sources, their governance and their store."""
