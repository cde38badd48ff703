"""Builders of the sample museum's artifacts, one function each, grouped by how they were made."""
