"""Serving: from a camera frame to an artifact, or an honest "none of ours". Needs no torch."""
