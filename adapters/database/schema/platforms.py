"""Platform accounts: their pauses, slots and updates, and the chats that people hand over."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, text

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Instant, Json, Number

platform_tokens = Table(
    "platform_tokens",
    metadata,
    Column("token", Code, primary_key=True),
    Column("last_turn", Number, nullable=False, server_default="0"),
    Column("paused_until", Instant),
    Column("state", Code, nullable=False, server_default="ok"),
    Column("since", Instant),
    Column("last_error", Code),
    Column("capabilities", Json),  # as the service was started with; null: it never was
    Column("own_account", Code),  # the service's own id there; null: it was not asked for yet
)

# Since when processes do not believe their machines' clocks; and when a person said that one is right.
clock_notes = Table(
    "clock_notes",
    metadata,
    Column("by", Code, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("noted_at", Instant, nullable=False),
)

rate_slots = Table(
    "rate_slots",
    metadata,
    Column("token", Code, primary_key=True),
    Column("slot", Number, primary_key=True),
    Column("free_at", Instant),
)

adoption_codes = Table(
    "adoption_codes",
    metadata,
    Column("code", Code, primary_key=True),  # its digest
    Column("organisation_id", Code, nullable=False),
    Column("chat_id", Code, nullable=False),
    Column("platform_token", Code, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

adoption_claims = Table(
    "adoption_claims",
    metadata,
    Column("platform_token", Code, primary_key=True),
    Column("external_chat_id", Code, primary_key=True),
    Column("code", Code, primary_key=True),
    Column("account", Code, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("attempts", Number, nullable=False, server_default="0"),
    Column("verdict", Code),
    Index("ix_adoption_claims_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)

# Accounts that were seen in chats and that no place speaks of, and what was decided of each.
strangers = Table(
    "strangers",
    metadata,
    Column("room_no", Number, primary_key=True),
    Column("account", Code, primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("observed", Code, nullable=False, server_default="member"),
    Column("decision", Code),  # ask, revert, adopt; null: nobody has decided yet
    Column("decided_by", Code),
    Column("decided_at", Instant),
    Column("refused_code", Code),
)

updates_heard = Table(
    "updates_heard",
    metadata,
    Column("key", Code, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_updates_heard_at", "at"),
)

update_markers = Table(
    "update_markers",
    metadata,
    Column("token", Code, primary_key=True),
    Column("marker", Code, nullable=False),
)

# Which process hears a platform account: two would hear the same, and each costs requests.
hearers = Table(
    "hearers",
    metadata,
    Column("token", Code, primary_key=True),
    Column("hearer", Code, nullable=False),
    Column("until", Instant, nullable=False),
)
