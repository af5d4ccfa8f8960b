"""Tokens of the API, the sources that they speak as, and what was done with them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Instant, Json, Number

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Code, primary_key=True),
    Column("name", Code, nullable=False),
    Column("digest", Code, nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("organisations", Json, nullable=False),
    Column("sources", Json, nullable=False, server_default="[]"),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
)

# Every request that may change something, from before it is answered. `status` null: the process died meanwhile.
audit = Table(
    "audit",
    metadata,
    Column("no", Number, primary_key=True, autoincrement=True),
    Column("token_id", Code, nullable=False),
    Column("at", Instant, nullable=False),
    Column("request", Code, nullable=False),
    Column("status", Number),
    Column("outcomes", Json),  # of events: how many came to what
    Column("reason", Code),  # as whoever asked gave it
    Index("ix_audit_token_id", "token_id", "no"),
)

# Sources that speak for some schools alone: those of the token that owns them.
sources = Table(
    "sources",
    metadata,
    Column("source", Code, primary_key=True),
    Column("token_id", Code, nullable=False),
    Column("organisations", Json, nullable=False),
)
