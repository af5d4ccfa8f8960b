"""The facts that a delta states or ends: its rows over what is known."""
