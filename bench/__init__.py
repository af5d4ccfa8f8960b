"""What the product does in a second, each figure beside the ceiling it has in the same run. See docs/bench.md."""
