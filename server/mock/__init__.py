"""Scripted visitors for load tests: ``twin mock``."""
