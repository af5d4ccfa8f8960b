"""The store, on PostgreSQL and on SQLite: one code path, in bulk."""
