"""How many processes ended because of the record that a partition stands before"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offsets", sa.Column("deaths", types.Number, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("offsets", "deaths")
