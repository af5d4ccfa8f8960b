"""Facts on the two sides of a comparison: those that a package states, and those known before it."""
