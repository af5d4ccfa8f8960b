"""How far topics were handled, and what of them could not be taken"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offsets",
        sa.Column("topic", types.Code, nullable=False),
        sa.Column("partition", types.Number, nullable=False),
        sa.Column("next", types.Number, nullable=False),
        sa.Column("recent_bad", types.Code, server_default="0", nullable=False),
        sa.Column("stopped_at", types.Instant(), nullable=True),
        sa.Column("stopped_why", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("topic", "partition"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("no", types.Number, autoincrement=True, nullable=False),
        sa.Column("topic", types.Code, nullable=False),
        sa.Column("partition", types.Number, nullable=False),
        sa.Column("offset", types.Number, nullable=False),
        sa.Column("key", types.Bytes(), nullable=True),
        sa.Column("headers", types.Json(), nullable=False),
        sa.Column("body", types.Bytes(), nullable=False),
        sa.Column("reason", types.Code, nullable=False),
        sa.Column("errors", types.Json(), nullable=False),
        sa.Column("source", types.Code, nullable=True),
        sa.Column("id", types.Code, nullable=True),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.Column("state", types.Code, server_default="waiting", nullable=False),
        sa.Column("published_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("no"),
        sa.UniqueConstraint(
            "topic",
            "partition",
            "offset",
            "received_at",
            name=op.f("uq_dead_letters_topic_partition_offset_received_at"),
        ),
    )
    op.create_index(
        "ix_dead_letters_unpublished", "dead_letters", ["no"], postgresql_where=sa.text("published_at IS NULL")
    )
    op.create_index("ix_dead_letters_waiting", "dead_letters", ["no"], postgresql_where=sa.text("state = 'waiting'"))
