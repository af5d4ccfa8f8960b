"""What is stated beside what is known, and the events that tell the difference."""
