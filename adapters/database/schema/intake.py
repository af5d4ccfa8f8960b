"""What came in: events, how far topics were read, and what could not be taken."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, UniqueConstraint, text

from adapters.database.schema.metadata import metadata
from adapters.database.types import Bytes, Code, Instant, Json, Number

inbox = Table(
    "inbox",
    metadata,
    Column("no", Number, primary_key=True, autoincrement=True),
    Column("source", Code, nullable=False),
    Column("id", Code, nullable=False),
    Column("organisation_id", Code),
    Column("type", Code, nullable=False),
    Column("time", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("topic", Code),
    Column("partition", Number),
    Column("offset", Number),
    Column("body", Code, nullable=False),
    Column("outcome", Code),
    Column("beaten_by", Number),
    UniqueConstraint("source", "id"),
    Index("ix_inbox_organisation_id", "organisation_id", "no"),
)

# When each source of a school was heard last, and by when it is to be heard again.
heard_sources = Table(
    "heard_sources",
    metadata,
    Column("organisation_id", Code, primary_key=True),
    Column("source", Code, primary_key=True),
    Column("heard_at", Instant, nullable=False),
    Column("days", Number, nullable=False),
    Column("expected_by", Instant),
)

# How far each partition was handled; Kafka's own commits are not relied on.
offsets = Table(
    "offsets",
    metadata,
    Column("topic", Code, primary_key=True),
    Column("partition", Number, primary_key=True),
    Column("next", Number, nullable=False),
    Column("recent_bad", Code, nullable=False, server_default="0"),  # bits, hexadecimal
    Column("stopped_at", Instant),
    Column("stopped_why", Code),
    Column("deaths", Number, nullable=False, server_default="0"),  # of processes, by the record at `next`
    Column("begun", Number),  # up to where a process had begun to handle records, the first time since its start
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("no", Number, primary_key=True, autoincrement=True),
    Column("topic", Code, nullable=False),
    Column("partition", Number, nullable=False),
    Column("offset", Number, nullable=False),
    Column("key", Bytes),
    Column("headers", Json, nullable=False),  # pairs of a name and its value, hexadecimal or null
    Column("body", Bytes, nullable=False),
    Column("reason", Code, nullable=False),
    Column("errors", Json, nullable=False),  # pairs of a JSON pointer and what is wrong there
    Column("source", Code),
    Column("id", Code),
    Column("received_at", Instant, nullable=False),
    Column("state", Code, nullable=False, server_default="waiting"),
    Column("published_at", Instant),
    UniqueConstraint("topic", "partition", "offset", "received_at"),  # a topic made anew has the same offsets again
    Index("ix_dead_letters_unpublished", "no", postgresql_where=text("published_at IS NULL")),
    Index("ix_dead_letters_waiting", "no", postgresql_where=text("state = 'waiting'")),
)
