"""Linking and unlinking: what the pages, the bot and support ask for, over ports."""
