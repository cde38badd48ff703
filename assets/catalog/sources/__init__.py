"""One module per file format or museum standard: bytes to rows or records."""
