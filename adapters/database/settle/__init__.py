"""Settling rooms: which are due, under whose lease, what is to be done in them, and what was answered."""
