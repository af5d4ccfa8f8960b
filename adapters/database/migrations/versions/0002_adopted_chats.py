"""Adopted chats, and what platforms tell"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adoption_codes",
        sa.Column("code", types.Code, nullable=False),
        sa.Column("organisation_id", types.Code, nullable=False),
        sa.Column("chat_id", types.Code, nullable=False),
        sa.Column("platform_token", types.Code, nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "adoption_claims",
        sa.Column("platform_token", types.Code, nullable=False),
        sa.Column("external_chat_id", types.Code, nullable=False),
        sa.Column("code", types.Code, nullable=False),
        sa.Column("account", types.Code, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("next_at", types.Instant(), nullable=True),
        sa.Column("attempts", types.Number, server_default="0", nullable=False),
        sa.Column("verdict", types.Code, nullable=True),
        sa.PrimaryKeyConstraint("platform_token", "external_chat_id", "code", "account"),
    )
    op.create_index(
        "ix_adoption_claims_next_at", "adoption_claims", ["next_at"], postgresql_where=sa.text("next_at IS NOT NULL")
    )
    op.create_table(
        "strangers",
        sa.Column("room_no", types.Number, nullable=False),
        sa.Column("account", types.Code, nullable=False),
        sa.Column("seen_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("room_no", "account"),
    )
    op.create_table(
        "updates_heard",
        sa.Column("key", types.Code, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_updates_heard_at", "updates_heard", ["at"])
    op.create_table(
        "update_markers",
        sa.Column("token", types.Code, nullable=False),
        sa.Column("marker", types.Code, nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
