"""Rooms, the platform calls made about them, and what is to be read back."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, UniqueConstraint, text

from adapters.database.schema.metadata import metadata
from adapters.database.types import Code, Instant, Json, Number

rooms = Table(
    "rooms",
    metadata,
    Column("room_no", Number, primary_key=True, autoincrement=True),
    Column("organisation_id", Code, nullable=False),
    Column("chat_id", Code, nullable=False),
    Column("life", Number, nullable=False),
    Column("platform_token", Code, nullable=False),
    Column("nonce", Code, nullable=False),
    Column("external_chat_id", Code),
    Column("made_at", Instant),  # since when it has one, made or adopted
    Column("wanted_title", Code, nullable=False),
    Column("observed_title", Code),
    Column("wanted_life", Code, nullable=False, server_default="open"),
    Column("observed_life", Code, nullable=False, server_default="none"),
    Column("due_at", Instant),
    Column("grade", Number, nullable=False, server_default="2"),
    Column("queue_position", Number, nullable=False, server_default="0"),
    Column("attempts", Number, nullable=False, server_default="0"),
    Column("lease_until", Instant),
    Column("lease_no", Number, nullable=False, server_default="0"),
    Column("in_flight", Json),
    Column("to_list", Boolean, nullable=False, server_default=text("false")),  # changed by us since the last look
    Column("invite_link", Code),  # null: not asked for; empty: the chat has none
    Column("looked_at", Instant),
    Column("look_until", Instant),  # somebody looks at it
    Column("kept_for", Code),  # the wanted title that people's own title, which is kept, replaces
    Column("lacks", Code),  # the rights that we lack there, or the code of the failure that keeps us out
    Column("lacks_since", Instant),
    # where a school has moved to another platform
    Column("takes_over", Boolean, nullable=False, server_default=text("false")),  # people still stand in another room
    Column("left_for", Number),  # the room of its chat for which it is left
    Column("told_for", Number),  # … and for which its people were told so, or could not be
    UniqueConstraint("organisation_id", "chat_id", "life"),
    UniqueConstraint("platform_token", "external_chat_id"),
    Index("ix_rooms_due", "grade", "queue_position", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_rooms_first_due", "organisation_id", "grade", postgresql_where=text("due_at IS NOT NULL")),
    Index("ix_rooms_looked_at", "platform_token", "looked_at", postgresql_where=text("external_chat_id IS NOT NULL")),
    Index("ix_rooms_to_list", "platform_token", "looked_at", postgresql_where=text("to_list")),
    Index("ix_rooms_lacks", "room_no", postgresql_where=text("lacks IS NOT NULL")),
)

read_backs = Table(
    "read_backs",
    metadata,
    Column("room_no", Number, primary_key=True),
    Column("account", Code, primary_key=True),
    Column("person_id", Code, nullable=False, server_default=""),
    Column("why", Code, nullable=False),
    Column("at", Instant, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("change_no", Number, primary_key=True, autoincrement=True),
    Column("organisation_id", Code, nullable=False),
    Column("room_no", Number, nullable=False),
    Column("chat_id", Code, nullable=False),
    Column("person_id", Code, nullable=False),
    Column("account", Code, nullable=False),
    Column("action", Code, nullable=False),
    Column("role", Code),
    Column("reasons", Json, nullable=False),
    Column("cause_no", Number, nullable=False),
    Column("call_no", Number),
    Column("at", Instant, nullable=False),
    Column("published_at", Instant),
    Index("ix_changes_person_id", "organisation_id", "person_id"),
    Index("ix_changes_unpublished", "change_no", postgresql_where=text("published_at IS NULL")),
)

calls = Table(
    "calls",
    metadata,
    Column("call_no", Number, primary_key=True, autoincrement=True),
    Column("room_no", Number, nullable=False),
    Column("action", Code, nullable=False),
    Column("accounts", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("answer", Code, nullable=False),
    Index("ix_calls_room_no", "room_no"),
)
