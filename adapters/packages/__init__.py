"""Roster packages of other makers (folders and zips of CSV files), read into `school.*` events.

The road of a package, one way, held by import-linter: `files` (bytes to rows) and `spill` (what does not fit in memory)
-> `oneroster` and `sds` (rows of a format to a `roster`) -> `bulk` and `delta` (a roster to the `facts` that it states)
-> `diff` (what is stated beside what is known, to events). `package` is the door: it puts these together.
"""
