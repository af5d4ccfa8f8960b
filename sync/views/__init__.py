"""What the registry shows, and the port it is asked by. Plain values, in the words of the HTTP API."""
