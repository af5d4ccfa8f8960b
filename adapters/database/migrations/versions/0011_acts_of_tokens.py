"""Tokens that expire, when each was used last, and what was done with it; a source of its own for each of some schools"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("expires_at", types.Instant()))
    op.add_column("api_tokens", sa.Column("last_used_at", types.Instant()))
    op.create_table(
        "audit",
        sa.Column("no", types.Number, autoincrement=True, nullable=False),
        sa.Column("token_id", types.Code, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("request", types.Code, nullable=False),
        sa.Column("status", types.Number, nullable=True),
        sa.Column("outcomes", types.Json(), nullable=True),
        sa.PrimaryKeyConstraint("no"),
    )
    op.create_index("ix_audit_token_id", "audit", ["token_id", "no"])
    op.execute(
        "INSERT INTO sources (source, token_id, organisations)"
        " SELECT 'rollcall/' || id, id, organisations FROM api_tokens WHERE organisations <> '[]'"
    )


def downgrade() -> None:
    # The sources stay bound: else what was said as them would count everywhere.
    op.drop_table("audit")
    with op.batch_alter_table("api_tokens") as tokens:
        tokens.drop_column("last_used_at")
        tokens.drop_column("expires_at")
