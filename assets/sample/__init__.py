"""The sample museum that ships with the project, built by code from documented objects."""
