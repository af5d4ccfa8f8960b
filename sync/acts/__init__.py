"""What can be asked of a platform about a room, each act by itself: how it is sent, and what its answer means. Pure."""
