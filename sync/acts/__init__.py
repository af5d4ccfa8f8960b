"""The acts: what can be asked of a platform about a room, how each is sent, and what its answer means. Pure."""
