"""What do we have, and what do we know of it? Collections, scans, and the sample museum."""
