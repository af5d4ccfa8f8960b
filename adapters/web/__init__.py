"""The HTTP API: events in, the registry out."""
