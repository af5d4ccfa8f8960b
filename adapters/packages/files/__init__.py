"""A package as files: a folder or zip, its manifest, CSV rows by the names of their columns, single values."""
