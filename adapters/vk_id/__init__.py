"""Signing in by VK ID."""
