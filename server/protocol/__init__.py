"""The wire: messages, their bytes, and the session they make. Knows no socket, no clock and no museum."""
