"""The way in: from records, requests and lines to facts, through one door."""
