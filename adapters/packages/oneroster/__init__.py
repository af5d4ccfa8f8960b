"""Reads the files of OneRoster 1.1 and 1.2, whole packages and deltas, into a roster."""
