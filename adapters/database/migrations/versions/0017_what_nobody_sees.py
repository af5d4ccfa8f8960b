"""What is not seen by itself: what a reconcile plans anew, sources that fall silent, clocks that are wrong"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reconciles", sa.Column("planned", types.Json(), nullable=False, server_default="[]"))
    op.create_table(
        "heard_sources",
        sa.Column("organisation_id", types.Code, primary_key=True),
        sa.Column("source", types.Code, primary_key=True),
        sa.Column("heard_at", types.Instant(), nullable=False),
        sa.Column("days", types.Number, nullable=False),
        sa.Column("expected_by", types.Instant()),
    )
    op.create_table(
        "clock_notes",
        sa.Column("by", types.Code, primary_key=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("noted_at", types.Instant(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("clock_notes")
    op.drop_table("heard_sources")
    op.drop_column("reconciles", "planned")
