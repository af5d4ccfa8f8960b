"""Schools, and what of them is still to be planned."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Day, Instant, Number

organisations = Table(
    "organisations",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("platform", Code, nullable=False),
    Column("account", Code, nullable=False, server_default=""),
    Column("strangers", Code, nullable=False, server_default="ask"),
    Column("strangers_by", Code),  # who chose that
    Column("titles", Code, nullable=False, server_default="revert"),
    Column("sign_in_url", Code),  # where its people sign in, unless that is where all do
    Column("time_zone", Code, nullable=False),
    Column("day", Day),
    Column("roll_at", Instant),
    Column("last_turn", Number, nullable=False, server_default="0"),
    Column("stalled_error", Code),
    Column("next_try_at", Instant),
    Column("tries", Number, nullable=False, server_default="0"),
    Column("stalled_since", Instant),
    Column("reconcile_at", Instant),
    Column("facts_no", Number, nullable=False, server_default="0"),  # how many transactions have changed its facts
    Index("ix_organisations_roll_at", "roll_at"),
    Index("ix_organisations_reconcile_at", "reconcile_at"),
)

affected = Table(
    "affected",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("kind", Code, primary_key=True),
    Column("id", Code, primary_key=True),
    Column("event_no", Number, nullable=False),
    Column("by_event", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
)
