"""What the registry shows, and its ports. Plain values, in the words of the HTTP API."""
