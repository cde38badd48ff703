"""``twin demo``: the real server with a handful of scripted visitors and a live line of what happens."""
