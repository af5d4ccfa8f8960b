"""The stand-in for the chat platforms: one world of users and chats, spoken to over HTTP in their dialects."""
