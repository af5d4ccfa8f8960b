"""What an operator is told: accounts that passed on, rights we lack, since when a school stalls, what killed a process"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passed_on",
        sa.Column("room_no", types.Number, primary_key=True),
        sa.Column("account", types.Code, primary_key=True),
        sa.Column("person_id", types.Code, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
    )
    op.add_column("rooms", sa.Column("lacks", types.Code, nullable=True))
    op.add_column("rooms", sa.Column("lacks_since", types.Instant(), nullable=True))
    op.create_index("ix_rooms_lacks", "rooms", ["room_no"], postgresql_where=sa.text("lacks IS NOT NULL"))
    op.add_column("organisations", sa.Column("stalled_since", types.Instant(), nullable=True))
    op.add_column("offsets", sa.Column("begun", types.Number, nullable=True))


def downgrade() -> None:
    op.drop_column("offsets", "begun")
    op.drop_column("organisations", "stalled_since")
    op.drop_index("ix_rooms_lacks", "rooms")
    for name in ("lacks_since", "lacks"):
        op.drop_column("rooms", name)
    op.drop_table("passed_on")
