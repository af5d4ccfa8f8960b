"""What is printed: sheets of paper as PDF, made from what the registry shows."""
