"""Mappings larger than memory: what does not fit goes into a temporary file."""
