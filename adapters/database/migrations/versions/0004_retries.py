"""When refusals are tried again, and the link by which the refused may come by themselves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("reconcile_at", types.Instant(), nullable=True))
    op.add_column("rooms", sa.Column("invite_link", types.Code, nullable=True))
    op.create_index("ix_organisations_reconcile_at", "organisations", ["reconcile_at"])
