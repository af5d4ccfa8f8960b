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


def downgrade() -> None:
    op.drop_column("reconciles", "planned")
