"""Proposing a profile from a sample of an export that nobody has described yet."""
