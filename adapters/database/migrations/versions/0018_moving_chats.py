"""Chats that move with their school to another platform: which room waits to be filled, which is left, and was told so"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("takes_over", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("rooms", sa.Column("left_for", types.Number, nullable=True))
    op.add_column("rooms", sa.Column("told_for", types.Number, nullable=True))


def downgrade() -> None:
    for name in ("told_for", "left_for", "takes_over"):
        op.drop_column("rooms", name)
