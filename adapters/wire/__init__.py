"""What the adapters of chat platforms share: one request over HTTP, what breaks on its way, JSON from outside."""
