"""How a person and an account are joined: the rules of asking, of codes and of numbers, and what comes of each step."""
