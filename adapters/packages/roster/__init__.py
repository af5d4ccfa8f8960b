"""What a package says once its format is out of the way: the middle between the readers and the facts."""
