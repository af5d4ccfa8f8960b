"""Roster packages of other makers (folders and zips of CSV files), read into `school.*` events."""
