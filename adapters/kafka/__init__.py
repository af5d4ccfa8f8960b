"""Kafka, as far as it is set up and written to."""
