"""The facts that a whole package states."""
