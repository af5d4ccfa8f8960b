"""Systems that may sign people in, what they signed, and the people's time on our pages."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Instant, Json

issuers = Table(
    "issuers",
    metadata,
    Column("iss", Code, primary_key=True),
    Column("public_key", Code, nullable=False),
    Column("origins", Json, nullable=False),
    Column("product", Code, nullable=False),
    Column("region", Code),
    Column("organisations", Json, nullable=False),
    Column("added_at", Instant, nullable=False),
)

# Hand-overs that were used, until they would be stale anyway.
used_hand_overs = Table(
    "used_hand_overs",
    metadata,
    Column("iss", Code, primary_key=True),
    Column("jti", Code, primary_key=True),
    Column("expires_at", Instant, nullable=False),
    Index("ix_used_hand_overs_expires_at", "expires_at"),
)

# `digest` is of what the browser shows: whoever reads the table gets in by nothing of it.
person_sessions = Table(
    "person_sessions",
    metadata,
    Column("digest", Code, primary_key=True),
    Column("iss", Code, nullable=False),
    Column("person_id", Code, nullable=False),
    Column("organisation_id", Code, nullable=False),
    Column("role", Code, nullable=False),
    Column("page", Code, nullable=False),
    Column("return_url", Code),
    Column("began_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Index("ix_person_sessions_began_at", "began_at"),
)
