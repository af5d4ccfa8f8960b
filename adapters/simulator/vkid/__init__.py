"""VK ID's stand-in: its screens, in the orders of the manuals, and its OAuth 2.1 with PKCE."""
