"""What the product does, over the ports: each about one screen."""
