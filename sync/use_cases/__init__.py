"""The use cases, over the ports: each about one screen."""
