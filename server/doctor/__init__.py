"""``twin doctor``: whether this machine can run the museum, and what to do where it cannot."""
