"""Reads the files of School Data Sync, v1 and v2, into a roster."""
