"""The recipe and those who carry it out: jobs, workers, cache, store."""
