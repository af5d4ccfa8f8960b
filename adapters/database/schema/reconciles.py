"""Looks at all rooms of a school, and what they found in each."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, text

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Instant, Json, Number

reconciles = Table(
    "reconciles",
    metadata,
    Column("run_no", Number, primary_key=True, autoincrement=True),
    Column("organisation_id", Code, nullable=False),
    Column("apply", Boolean, nullable=False),
    Column("ordered_by", Code, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("planned", Json, nullable=False, server_default="[]"),  # what planning everybody anew would do, or did
    Index("ix_reconciles_organisation_id", "organisation_id", "run_no"),
)

reconcile_rooms = Table(
    "reconcile_rooms",
    metadata,
    Column("run_no", Number, primary_key=True),
    Column("room_no", Number, primary_key=True),
    Column("platform_token", Code, nullable=False),
    Column("look_until", Instant),
    Column("looked_at", Instant),
    Column("failure", Code),
    Column("differences", Json, nullable=False, server_default="[]"),
    Index("ix_reconcile_rooms_left", "platform_token", "run_no", postgresql_where=text("looked_at IS NULL")),
)
