"""From stored rows to what planning works with."""
