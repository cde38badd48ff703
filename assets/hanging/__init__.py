"""A hang: where a museum's own artifacts stand and hang, stated in TOML or found by rule; ``twin place``."""
