"""How platform accounts are, and what the service can do with them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "platform_tokens"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("state", types.Code, nullable=False, server_default="ok"))
    op.add_column(TABLE, sa.Column("since", types.Instant(), nullable=True))
    op.add_column(TABLE, sa.Column("last_error", types.Code, nullable=True))
    op.add_column(TABLE, sa.Column("capabilities", types.Json(), nullable=True))


def downgrade() -> None:
    for name in ("capabilities", "last_error", "since", "state"):
        op.drop_column(TABLE, name)
